// OAuth providers of a legacy project: with an app of its own at the provider (`standard`), or with the operator's (`shared`). The client
// secret is sealed; an answer repeats the one that its own request brought, as the provider's clients expect, and no other ever.
#include <algorithm>

#include <fmt/format.h>

#include "api/oauth_credentials.hpp"
#include "branches/integration_changes.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint list, add, update, remove;
extern const api::Description list_docs, add_docs, update_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/auth/oauth_providers", list, &list_docs},
    {http::Method::post, "/projects/{project_id}/auth/oauth_providers", add, &add_docs},
    {http::Method::patch, "/projects/{project_id}/auth/oauth_providers/{oauth_provider_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/auth/oauth_providers/{oauth_provider_id}", remove, &remove_docs},
};

using api::OauthCredentials;
using branches::LegacyOauthProvider;

constexpr ErrorSpec not_found{404, "", "OAuth provider not found"};
constexpr ErrorSpec not_shared{400, "INVALID_SHARED_OAUTH_PROVIDER", ""};

struct AddBody {
    std::string id;
    OauthCredentials credentials;

    static void fields(auto& f, auto& body) {
        f.required("id", body.id, api::known_oauth_provider);
        OauthCredentials::fields(f, body.credentials);
    }
};

struct ProviderView {
    std::string id;
    std::optional<std::string> client_id;
    std::optional<std::string> client_secret;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.id);
        f.required("type", view.client_id ? "standard" : "shared", json::one_of{{"standard", "shared"}});
        f.optional("client_id", view.client_id);
        f.optional("client_secret", view.client_secret);
    }
};

struct ListReply {
    std::vector<ProviderView> providers;

    static void fields(auto& f, const auto& reply) { f.required("providers", reply.providers); }
};

LegacyOauthProvider make_provider(const api::Services& services, const std::string& uuid, const std::string& id,
                                  const OauthCredentials& credentials) {
    LegacyOauthProvider provider{.id = id, .client_id = credentials.client_id, .microsoft_tenant_id = credentials.microsoft_tenant_id};
    if (credentials.client_secret) {
        provider.sealed_client_secret =
            branches::seal_legacy_secret(services.master_key, uuid, branches::client_secret_of(id), *credentials.client_secret);
    }
    return provider;
}

/// With credentials of its own the provider needs both.
Result<> check_complete(bool has_id, bool has_secret) {
    if (has_id == has_secret) return {};
    return refuse_with({400, "", ""},
                       fmt::format("invalid request: [body.{}] Required with credentials of your own", has_id ? "client_secret" : "client_id"));
}

Result<> check_new(const api::Services& services, const std::string& id, const OauthCredentials& credentials) {
    if (id == "vercel") return refuse_with({400, "", ""}, "invalid request: [body.id] the legacy provider does not know vercel");
    if (auto checked = api::check_tenant(id, credentials); !checked) return checked;
    if (auto checked = check_complete(credentials.client_id.has_value(), credentials.client_secret.has_value()); !checked) return checked;
    if (credentials.client_id || services.oauth.shares(id)) return {};
    return refuse_with(not_shared, fmt::format("there are no shared credentials for {}: give client_id and client_secret", id));
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listNeonAuthOauthProviders", "List a project's OAuth providers");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/oauth_providers");
    ListReply reply;
    for (const auto& provider : target->legacy->oauth_providers) reply.providers.push_back({provider.id, provider.client_id, {}});
    co_return http::Response::json(200, reply);
}

constexpr api::Description add_docs = api::describe<AddBody, ProviderView>("addNeonAuthOauthProvider", "Add an OAuth provider to a project");
/// A project begins with shared providers; credentials of its own take such a one's place.
awaitable<Result<http::Response>> add(api::ManagementContext& ctx) {
    const auto body = ctx.body<AddBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/oauth_providers");
    if (auto checked = check_new(ctx.services, body->id, body->credentials); !checked) co_return std::unexpected(checked.error());
    const auto& uuid = target->legacy->project_uuid;
    const auto provider = make_provider(ctx.services, uuid, body->id, body->credentials);
    const bool inserted = co_await branches::insert_legacy_provider(ctx.control, uuid, provider);
    if (!inserted) co_return refuse_with({409, "", ""}, fmt::format("the OAuth provider {} is already there; update it", body->id));
    co_return http::Response::json(200, ProviderView{body->id, body->credentials.client_id, body->credentials.client_secret});
}

constexpr api::Description update_docs =
    api::describe<OauthCredentials, ProviderView>("updateNeonAuthOauthProvider", "Change the credentials of a project's OAuth provider");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<OauthCredentials>();
    if (!body) co_return std::unexpected(body.error());
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    const auto& id = ctx.parameter("oauth_provider_id");
    if (target->better_auth) {
        co_return co_await forward_to_branch(ctx, *target->better_auth, "/oauth_providers/{oauth_provider_id}", {{"oauth_provider_id", id}});
    }
    const auto& providers = target->legacy->oauth_providers;
    const auto current = std::ranges::find(providers, id, &LegacyOauthProvider::id);
    if (current == providers.end()) co_return refuse(not_found);
    if (auto checked = api::check_tenant(id, *body); !checked) co_return std::unexpected(checked.error());
    const bool own = !current->is_shared();
    if (auto checked = check_complete(own || body->client_id, own || body->client_secret); !checked) co_return std::unexpected(checked.error());
    const auto& uuid = target->legacy->project_uuid;
    const auto change = make_provider(ctx.services, uuid, id, *body);
    const auto updated = co_await branches::update_legacy_provider(ctx.control, uuid, change);
    if (!updated) co_return refuse(not_found);
    co_return http::Response::json(200, ProviderView{id, updated->client_id, body->client_secret});
}

constexpr api::Description remove_docs = api::describe<void, void>("deleteNeonAuthOauthProvider", "Remove an OAuth provider from a project");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    const auto& id = ctx.parameter("oauth_provider_id");
    if (target->better_auth) {
        co_return co_await forward_to_branch(ctx, *target->better_auth, "/oauth_providers/{oauth_provider_id}", {{"oauth_provider_id", id}});
    }
    const bool deleted = co_await branches::delete_legacy_provider(ctx.control, target->legacy->project_uuid, id);
    if (!deleted) co_return refuse(not_found);
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> oauth_provider_routes() { return table; }
}  // namespace argon::management::legacy_auth
