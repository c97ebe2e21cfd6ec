// Keys of the SDKs, in pairs: shown when they are made and kept as hashes. A new pair leaves the older ones good; each is revoked by its id.
#include <charconv>

#include "branches/endpoint_records.hpp"
#include "branches/names.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint create, list, revoke;
extern const api::Description create_docs, list_docs, revoke_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/auth/keys", create, &create_docs, api::Access::project_in_body},
    {http::Method::get, "/projects/{project_id}/auth/keys", list, &list_docs},
    {http::Method::delete_, "/projects/{project_id}/auth/keys/{key_id}", revoke, &revoke_docs},
};

constexpr ErrorSpec key_not_found{404, "", "key not found"};

struct CreateBody {
    ProjectId project_id;
    std::string auth_provider;
    std::optional<std::string> description;

    static void fields(auto& f, auto& body) {
        f.required("project_id", body.project_id);
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
        f.optional("description", body.description, branches::display_name);
    }
};

struct KeyView {
    branches::LegacyKey key;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.key.id);
        f.required("description", view.key.description);
        f.required("pub_client_key_last_four", view.key.publishable_last_four);
        f.required("secret_server_key_last_four", view.key.secret_last_four);
        f.required("created_at", json::Seconds{view.key.created_at});
    }
};

struct ListReply {
    std::vector<KeyView> keys;

    static void fields(auto& f, const auto& reply) { f.required("keys", reply.keys); }
};

/// Apps of the newer service need no keys, so none are made; the contract wants the members all the same.
awaitable<Result<http::Response>> answer_without_keys(api::ManagementContext& ctx, const BranchId& branch) {
    const auto integration = co_await branches::find_integration(ctx.control, branch);
    if (!integration) co_return refuse(errors::no_better_auth);
    const auto endpoint = co_await branches::require_main_endpoint(ctx.control, branch);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    const auto& addresses = ctx.services.addresses;
    const CreatedReply reply{.auth_provider = integration->auth_provider,
                             .project_uuid = integration->auth_provider_project_id,
                             .pub_client_key = {},
                             .secret_server_key = {},
                             .jwks_url = addresses.jwks_url(endpoint->id, integration->database_name),
                             .base_url = addresses.base_url(endpoint->id, integration->database_name)};
    co_return http::Response::json(201, reply);
}

constexpr api::Description create_docs =
    api::describe<CreateBody, CreatedReply>("createNeonAuthProviderSDKKeys", "Make a pair of SDK keys; older ones stay good", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_body_project(ctx, body->project_id);
    if (!project) co_return std::unexpected(project.error());
    const auto target = co_await require_target(ctx, body->auth_provider);
    if (!target) co_return std::unexpected(target.error());
    if (!target->legacy) co_return co_await answer_without_keys(ctx, *target->better_auth);
    const auto& uuid = target->legacy->project_uuid;
    const auto keys = co_await branches::insert_legacy_keys(ctx.control, uuid, body->description.value_or("Made with the API"));
    co_return http::Response::json(201, make_created_reply(ctx.services, uuid, keys));
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listNeonAuthProviderSDKKeys", "List pairs of SDK keys, without the keys");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto integration = co_await require_legacy(ctx);
    if (!integration) co_return std::unexpected(integration.error());
    auto keys = co_await branches::list_legacy_keys(ctx.control, integration->project_uuid);
    ListReply reply;
    for (auto& key : keys) reply.keys.push_back({std::move(key)});
    co_return http::Response::json(200, reply);
}

constexpr api::Description revoke_docs = api::describe<void, void>("revokeNeonAuthProviderSDKKeys", "Revoke a pair of SDK keys");
awaitable<Result<http::Response>> revoke(api::ManagementContext& ctx) {
    const auto integration = co_await require_legacy(ctx);
    if (!integration) co_return std::unexpected(integration.error());
    const auto& text = ctx.parameter("key_id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) co_return refuse(key_not_found);
    const bool revoked = co_await branches::revoke_legacy_keys(ctx.control, integration->project_uuid, id);
    if (!revoked) co_return refuse(key_not_found);
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> key_routes() { return table; }
}  // namespace argon::management::legacy_auth
