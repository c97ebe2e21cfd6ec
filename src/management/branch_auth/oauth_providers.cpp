// OAuth providers: with an app of the branch's own at the provider (`standard`), or with the operator's (`shared`).
// The client secret is sealed in the row and never shown again.
#include <algorithm>

#include <fmt/format.h>

#include "api/oauth_credentials.hpp"
#include "identity/branch_secrets.hpp"
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint list, add, update, remove;
extern const api::Description list_docs, add_docs, update_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/oauth_providers", list, &list_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/oauth_providers", add, &add_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/oauth_providers/{oauth_provider_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/auth/oauth_providers/{oauth_provider_id}", remove, &remove_docs},
};

using api::known_oauth_provider;
using Credentials = api::OauthCredentials;

constexpr ErrorSpec not_found{404, "", "OAuth provider not found"};
constexpr ErrorSpec not_shared{400, "INVALID_SHARED_OAUTH_PROVIDER", ""};
constexpr ErrorSpec no_list{422, "", "neon_auth.project_config.social_providers is not a list"};

struct AddBody {
    std::string id;
    Credentials credentials;

    static void fields(auto& f, auto& body) {
        f.required("id", body.id, known_oauth_provider);
        Credentials::fields(f, body.credentials);
    }
};

struct ListReply {
    std::vector<OauthProviderView> providers;

    static void fields(auto& f, const auto& reply) { f.required("providers", reply.providers); }
};

/// A provider's entry in the list; nullptr when there is none.
json::Value* find_entry(json::Array& entries, std::string_view id) {
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) {
        const auto* text = json::find(entry, "id");
        return text && text->is_string() && std::string_view{text->get_string()} == id;
    });
    return found == entries.end() ? nullptr : &*found;
}

/// The entry with these credentials in it. Whatever else it holds stays.
void put_credentials(const api::Services& services, const std::string& id, const Credentials& credentials, json::Value& entry) {
    auto& members = entry.is_object() ? entry.get_object() : entry.emplace_object();
    members["id"] = id;
    if (credentials.client_id) members["clientId"] = *credentials.client_id;
    if (credentials.client_secret) {
        members["clientSecret"] = identity::seal_branch_secret(services.master_key, identity::client_secret_place(id), *credentials.client_secret);
    }
    if (credentials.microsoft_tenant_id) members["microsoftTenantId"] = *credentials.microsoft_tenant_id;
    members["isShared"] = !members.contains("clientId") && !members.contains("clientSecret");
}

/// With credentials of its own the provider needs both; without any, those of the operator.
Result<> check_provider(const api::Services& services, const identity::SocialProvider& provider) {
    const auto missing = [](std::string_view name) {
        return refuse_with({400, "", ""}, fmt::format("invalid request: [body.{}] Required with credentials of your own", name));
    };
    if (!provider.isShared && !provider.clientId) return missing("client_id");
    if (!provider.isShared && !provider.clientSecret) return missing("client_secret");
    if (!provider.isShared || services.oauth.shares(provider.id)) return {};
    return refuse_with(not_shared, fmt::format("there are no shared credentials for {}: give client_id and client_secret", provider.id));
}

/// Stores the entry, which is part of the change, if it can work.
awaitable<Result<http::Response>> store(api::ManagementContext& ctx, SettingsChange& change, const json::Value& entry) {
    const auto provider = decode_column<identity::SocialProvider>("social_providers", entry);
    if (!provider) co_return std::unexpected(provider.error());
    if (auto checked = check_provider(ctx.services, *provider); !checked) co_return std::unexpected(checked.error());
    const OauthProviderView view{*provider};
    co_await change.commit();
    co_return http::Response::json(200, view);
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listBranchNeonAuthOauthProviders", "List OAuth providers");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    auto providers = decode_social_providers(*row);
    if (!providers) co_return std::unexpected(providers.error());
    ListReply reply;
    for (auto& provider : *providers) reply.providers.push_back({std::move(provider)});
    co_return http::Response::json(200, reply);
}

constexpr api::Description add_docs = api::describe<AddBody, OauthProviderView>("addBranchNeonAuthOauthProvider", "Add an OAuth provider");
awaitable<Result<http::Response>> add(api::ManagementContext& ctx) {
    const auto body = ctx.body<AddBody>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = api::check_tenant(body->id, body->credentials); !checked) co_return std::unexpected(checked.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    if (find_entry(*entries, body->id))
        co_return refuse_with({409, "", ""}, fmt::format("the OAuth provider {} is already there; update it", body->id));
    auto& entry = entries->emplace_back(json::Object{});
    put_credentials(ctx.services, body->id, body->credentials, entry);
    co_return co_await store(ctx, *change, entry);
}

constexpr api::Description update_docs =
    api::describe<Credentials, OauthProviderView>("updateBranchNeonAuthOauthProvider", "Change the credentials of an OAuth provider");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Credentials>();
    if (!body) co_return std::unexpected(body.error());
    const auto& id = ctx.parameter("oauth_provider_id");
    if (auto checked = api::check_tenant(id, *body); !checked) co_return std::unexpected(checked.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    auto* entry = known_oauth_provider(id) ? nullptr : find_entry(*entries, id);
    if (!entry) co_return refuse(not_found);
    put_credentials(ctx.services, id, *body, *entry);
    co_return co_await store(ctx, *change, *entry);
}

constexpr api::Description remove_docs = api::describe<void, void>("deleteBranchNeonAuthOauthProvider", "Remove an OAuth provider");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    auto* entry = find_entry(*entries, ctx.parameter("oauth_provider_id"));
    if (!entry) co_return refuse(not_found);
    entries->erase(entry);
    co_await change->commit();
    co_return http::Response::empty(200);
}
}  // namespace

Result<std::vector<identity::SocialProvider>> decode_social_providers(const SettingsRow& row) {
    std::vector<identity::SocialProvider> providers;
    const auto* entries = row.social_providers.if_array();
    if (!entries) return refuse(no_list);
    for (const auto& entry : *entries) {
        auto provider = decode_column<identity::SocialProvider>("social_providers", entry);
        if (!provider) return std::unexpected(provider.error());
        if (!known_oauth_provider(provider->id)) providers.push_back(std::move(*provider));
    }
    return providers;
}

std::span<const api::ManagementRoute> oauth_provider_routes() { return table; }
}  // namespace argon::management::branch_auth
