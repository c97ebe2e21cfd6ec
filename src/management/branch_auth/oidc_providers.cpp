// Identity providers of the branch's own choice, beyond the four that hosted Neon knows: any OpenID Connect issuer, read by discovery when it
// is added, or an OAuth 2.0 server whose endpoints are given. Apps sign in with `provider: "<id>"`.
#include <algorithm>

#include <fmt/format.h>

#include "api/delivery.hpp"
#include "branches/names.hpp"
#include "identity/branch_secrets.hpp"
#include "identity/social_settings.hpp"
#include "management/branch_auth/settings_row.hpp"
#include "management/branch_auth/webhook_url.hpp"
#include "oauth/discovery.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint list, add, update, remove;
extern const api::Description list_docs, add_docs, update_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/oidc_providers", list, &list_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/oidc_providers", add, &add_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/oidc_providers/{oidc_provider_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/auth/oidc_providers/{oidc_provider_id}", remove, &remove_docs},
};

constexpr ErrorSpec not_found{404, "", "OIDC provider not found"};
constexpr ErrorSpec no_list{422, "", "neon_auth.project_config.social_providers is not a list"};
constexpr ErrorSpec discovery_failed{422, "OIDC_DISCOVERY_FAILED", ""};
constexpr std::size_t most_providers = 50;
constexpr std::size_t most_scopes = 50;

struct IdCheck {
    std::optional<std::string> operator()(std::string_view id) const {
        const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
        const bool fits = id.size() >= 2 && id.size() <= 40 && id.front() >= 'a' && id.front() <= 'z' && std::ranges::all_of(id, allowed);
        if (!fits) return "Invalid id: 2 to 40 lower-case letters, digits and hyphens are allowed, a letter first";
        if (oauth::is_known_provider(id)) return "Invalid id: this provider has an endpoint of its own, oauth_providers";
        if (id == "credential") return "Invalid id: it stands for passwords";
        return {};
    }
};

struct PlainCheck {
    std::size_t longest;
    std::optional<std::string> operator()(std::string_view text) const {
        if (!text.empty() && text.size() <= longest && branches::is_plain_text(text)) return {};
        return fmt::format("Invalid text: one to {} characters are allowed, none of them a control character", longest);
    }
};

struct ScopesCheck {
    std::optional<std::string> operator()(const std::vector<std::string>& scopes) const {
        const auto fits = [](const std::string& scope) {
            return !scope.empty() && scope.size() <= 256 &&
                   std::ranges::all_of(scope, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
        };
        if (scopes.size() <= most_scopes && std::ranges::all_of(scopes, fits)) return {};
        return "Invalid scopes: at most 50 of printable characters are allowed";
    }
};

/// What may change later.
struct Members {
    std::optional<std::string> name;
    std::optional<std::string> issuer;
    std::optional<std::string> authorization_endpoint;
    std::optional<std::string> token_endpoint;
    std::optional<std::string> userinfo_endpoint;
    std::optional<std::string> client_id;
    std::optional<std::string> client_secret;
    std::optional<std::vector<std::string>> scopes;

    static void fields(auto& f, auto& body) {
        f.optional("name", body.name, PlainCheck{100});
        f.optional("issuer", body.issuer);
        f.optional("authorization_endpoint", body.authorization_endpoint);
        f.optional("token_endpoint", body.token_endpoint);
        f.optional("userinfo_endpoint", body.userinfo_endpoint);
        f.optional("client_id", body.client_id, PlainCheck{512});
        f.optional("client_secret", body.client_secret, PlainCheck{4096});
        f.optional("scopes", body.scopes, ScopesCheck{});
    }
};

struct AddBody {
    std::string id;
    Members members;

    static void fields(auto& f, auto& body) {
        f.required("id", body.id, IdCheck{});
        Members::fields(f, body.members);
    }
};

struct OidcProviderView {
    identity::SocialProvider stored;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.stored.id);
        f.required("name", view.stored.name.value_or(view.stored.id));
        f.required("type", view.stored.jwksUri ? "oidc" : "oauth2", json::one_of{{"oidc", "oauth2"}});
        f.optional("issuer", view.stored.issuer);
        f.optional("authorization_endpoint", view.stored.authorizationEndpoint);
        f.optional("token_endpoint", view.stored.tokenEndpoint);
        f.optional("userinfo_endpoint", view.stored.userinfoEndpoint);
        f.optional("jwks_uri", view.stored.jwksUri);
        f.optional("client_id", view.stored.clientId);
        f.optional("scopes", view.stored.scopes);
    }
};

struct ListReply {
    std::vector<OidcProviderView> providers;

    static void fields(auto& f, const auto& reply) { f.required("providers", reply.providers); }
};

bool is_ours(const json::Value& entry) {
    const auto* type = json::find(entry, "type");
    return type && type->is_string() && std::string_view{type->get_string()} == "oidc";
}

json::Value* find_entry(json::Array& entries, std::string_view id) {
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) {
        const auto* text = json::find(entry, "id");
        return text && text->is_string() && std::string_view{text->get_string()} == id;
    });
    return found == entries.end() ? nullptr : &*found;
}

Result<> check_url(const api::Services& services, std::string_view member, const std::string& url) {
    const auto complaint = check_webhook_url(url, services.delivery->addresses());
    if (!complaint) return {};
    return refuse_with({400, "", ""}, fmt::format("invalid request: [body.{}] {}", member, *complaint));
}

/// The members of the row that say where the provider is; empty when the body names no other place.
awaitable<Result<json::Object>> read_endpoints(api::ManagementContext& ctx, const Members& body) {
    json::Object members;
    if (!body.issuer) {
        for (const auto& [name, member, url] : {std::tuple{"authorization_endpoint", "authorizationEndpoint", &body.authorization_endpoint},
                                                {"token_endpoint", "tokenEndpoint", &body.token_endpoint},
                                                {"userinfo_endpoint", "userinfoEndpoint", &body.userinfo_endpoint}}) {
            if (!*url) continue;
            if (auto checked = check_url(ctx.services, name, **url); !checked) co_return std::unexpected(checked.error());
            members[member] = **url;
        }
        co_return members;
    }
    if (body.authorization_endpoint || body.token_endpoint || body.userinfo_endpoint) {
        co_return refuse_with({400, "", ""},
                              "invalid request: [body.issuer] Give an issuer or endpoints: discovery tells the endpoints of an issuer");
    }
    if (auto checked = check_url(ctx.services, "issuer", *body.issuer); !checked) co_return std::unexpected(checked.error());
    const bool allow_plain_http = ctx.services.delivery->addresses().allows_loopback();
    const auto found = co_await oauth::discover(ctx.services.delivery->client(), *body.issuer, allow_plain_http);
    if (!found) co_return refuse_with(discovery_failed, found.error().reason);
    members["issuer"] = found->issuer;
    members["authorizationEndpoint"] = found->authorization_endpoint;
    members["tokenEndpoint"] = found->token_endpoint;
    if (!found->userinfo_endpoint.empty()) members["userinfoEndpoint"] = found->userinfo_endpoint;
    members["jwksUri"] = found->jwks_uri;
    members["issInCallbacks"] = found->iss_in_callbacks;
    members["basicAuthentication"] = found->basic_authentication;
    co_return members;
}

/// A new place replaces the old one as a whole: an issuer's keys must not stand beside another's endpoints.
void put(const api::Services& services, const std::string& id, const Members& body, json::Object endpoints, json::Value& entry) {
    auto& members = entry.is_object() ? entry.get_object() : entry.emplace_object();
    if (body.issuer) {
        for (const auto* old : {"issuer", "authorizationEndpoint", "tokenEndpoint", "userinfoEndpoint", "jwksUri"}) members.erase(old);
    }
    for (auto& [name, value] : endpoints) members[name] = std::move(value);
    members["id"] = id;
    members["type"] = "oidc";
    members["isShared"] = false;
    if (body.name) members["name"] = *body.name;
    if (body.client_id) members["clientId"] = *body.client_id;
    if (body.client_secret) {
        members["clientSecret"] = identity::seal_branch_secret(services.master_key, identity::client_secret_place(id), *body.client_secret);
    }
    if (body.scopes) members["scopes"] = json::Array(body.scopes->begin(), body.scopes->end());
}

awaitable<Result<http::Response>> store(SettingsChange& change, const json::Value& entry) {
    const auto provider = decode_column<identity::SocialProvider>("social_providers", entry);
    if (!provider) co_return std::unexpected(provider.error());
    const auto missing = [](std::string_view name) { return refuse_with({400, "", ""}, fmt::format("invalid request: [body.{}] Required", name)); };
    if (!provider->clientId) co_return missing("client_id");
    if (!provider->clientSecret) co_return missing("client_secret");
    if (!provider->authorizationEndpoint) co_return missing("issuer");
    if (!provider->tokenEndpoint) co_return missing("token_endpoint");
    if (!provider->userinfoEndpoint && !provider->jwksUri) co_return missing("userinfo_endpoint");
    if (provider->jwksUri && !provider->issuer) co_return missing("issuer");
    const OidcProviderView view{*provider};
    co_await change.commit();
    co_return http::Response::json(200, view);
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listBranchNeonAuthOidcProviders", "List identity providers of your own");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto* entries = row->social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    ListReply reply;
    for (const auto& entry : *entries) {
        if (!is_ours(entry)) continue;
        auto provider = decode_column<identity::SocialProvider>("social_providers", entry);
        if (!provider) co_return std::unexpected(provider.error());
        reply.providers.push_back({std::move(*provider)});
    }
    co_return http::Response::json(200, reply);
}

constexpr api::Description add_docs =
    api::describe<AddBody, OidcProviderView>("addBranchNeonAuthOidcProvider", "Add an identity provider of your own, by discovery or endpoints");
awaitable<Result<http::Response>> add(api::ManagementContext& ctx) {
    const auto body = ctx.body<AddBody>();
    if (!body) co_return std::unexpected(body.error());
    // Before the row is locked: the issuer may take its time.
    auto endpoints = co_await read_endpoints(ctx, body->members);
    if (!endpoints) co_return std::unexpected(endpoints.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    if (find_entry(*entries, body->id)) co_return refuse_with({409, "", ""}, fmt::format("the provider {} is already there; update it", body->id));
    if (entries->size() >= most_providers) co_return refuse_with({422, "", ""}, "a branch has at most 50 identity providers");
    auto& entry = entries->emplace_back(json::Object{});
    put(ctx.services, body->id, body->members, std::move(*endpoints), entry);
    auto stored = co_await store(*change, entry);
    co_return stored;
}

constexpr api::Description update_docs =
    api::describe<Members, OidcProviderView>("updateBranchNeonAuthOidcProvider", "Change an identity provider of your own");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Members>();
    if (!body) co_return std::unexpected(body.error());
    auto endpoints = co_await read_endpoints(ctx, *body);
    if (!endpoints) co_return std::unexpected(endpoints.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    const auto& id = ctx.parameter("oidc_provider_id");
    auto* entry = find_entry(*entries, id);
    if (!entry || !is_ours(*entry)) co_return refuse(not_found);
    put(ctx.services, id, *body, std::move(*endpoints), *entry);
    auto stored = co_await store(*change, *entry);
    co_return stored;
}

constexpr api::Description remove_docs =
    api::describe<void, void>("deleteBranchNeonAuthOidcProvider", "Remove an identity provider of your own; accounts stay");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto* entries = change->row.social_providers.if_array();
    if (!entries) co_return refuse(no_list);
    auto* entry = find_entry(*entries, ctx.parameter("oidc_provider_id"));
    if (!entry || !is_ours(*entry)) co_return refuse(not_found);
    entries->erase(entry);
    co_await change->commit();
    co_return http::Response::empty(200);
}
}  // namespace

std::span<const api::ManagementRoute> oidc_provider_routes() { return table; }
}  // namespace argon::management::branch_auth
