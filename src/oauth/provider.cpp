#include "oauth/provider.hpp"

#include <algorithm>

namespace argon::oauth {
namespace {
Provider google() {
    return {.id = "google",
            .name = "Google",
            .issuer = "https://accounts.google.com",
            .other_issuer = "accounts.google.com",
            .authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth",
            .token_endpoint = "https://oauth2.googleapis.com/token",
            .userinfo_endpoint = "https://openidconnect.googleapis.com/v1/userinfo",
            .jwks_uri = "https://www.googleapis.com/oauth2/v3/certs",
            .scopes = {"email", "profile", "openid"},
            .extra_parameters = {{"include_granted_scopes", "true"}}};
}

/// No OpenID Connect: no id_token and no nonce.
Provider github() {
    return {.id = "github",
            .name = "GitHub",
            .authorization_endpoint = "https://github.com/login/oauth/authorize",
            .token_endpoint = "https://github.com/login/oauth/access_token",
            .userinfo_endpoint = "https://api.github.com/user",
            .emails_endpoint = "https://api.github.com/user/emails",
            .scopes = {"read:user", "user:email"},
            .source = ProfileSource::github,
            .sends_nonce = false};
}

/// Several tenants share an endpoint, so the issuer names the tenant of the token; for one tenant it is fixed. The tenant may be
/// given as a domain, of which the issuer knows only the id: then the token's own tenant counts, for only that tenant signs in there.
Provider microsoft(std::string_view chosen) {
    const std::string tenant{chosen.empty() ? "common" : chosen};
    const auto base = "https://login.microsoftonline.com/" + tenant;
    const bool is_id = tenant.size() == 36 && std::ranges::count(tenant, '-') == 4;
    Provider provider{.id = "microsoft",
                      .name = "Microsoft",
                      .issuer = "https://login.microsoftonline.com/" + (is_id ? tenant : "{tenantid}") + "/v2.0",
                      .authorization_endpoint = base + "/oauth2/v2.0/authorize",
                      .token_endpoint = base + "/oauth2/v2.0/token",
                      .userinfo_endpoint = "https://graph.microsoft.com/oidc/userinfo",
                      .jwks_uri = base + "/discovery/v2.0/keys",
                      .scopes = {"openid", "profile", "email", "User.Read", "offline_access"},
                      .sends_scope_on_refresh = true};
    if (tenant == "organizations" || tenant == "consumers") provider.account_class = tenant;
    return provider;
}

Provider vercel() {
    return {.id = "vercel",
            .name = "Vercel",
            .issuer = "https://vercel.com",
            .authorization_endpoint = "https://vercel.com/oauth/authorize",
            .token_endpoint = "https://api.vercel.com/login/oauth/token",
            .userinfo_endpoint = "https://api.vercel.com/login/oauth/userinfo",
            .jwks_uri = "https://vercel.com/.well-known/jwks",
            .source = ProfileSource::userinfo,
            .takes_login_hint = false};
}

void replace(std::string& endpoint, const std::string& other) {
    if (!other.empty()) endpoint = other;
}
}  // namespace

bool is_known_provider(std::string_view id) { return id == "google" || id == "github" || id == "microsoft" || id == "vercel"; }

std::optional<Provider> find_known_provider(std::string_view id, std::string_view tenant) {
    if (id == "google") return google();
    if (id == "github") return github();
    if (id == "microsoft") return microsoft(tenant);
    if (id == "vercel") return vercel();
    return {};
}

Provider with_endpoints(Provider provider, const Endpoints& endpoints) {
    replace(provider.issuer, endpoints.issuer);
    if (!endpoints.issuer.empty()) provider.other_issuer.clear();
    replace(provider.authorization_endpoint, endpoints.authorization_endpoint);
    replace(provider.token_endpoint, endpoints.token_endpoint);
    replace(provider.userinfo_endpoint, endpoints.userinfo_endpoint);
    replace(provider.emails_endpoint, endpoints.emails_endpoint);
    replace(provider.jwks_uri, endpoints.jwks_uri);
    provider.allow_plain_http = true;
    return provider;
}

Provider make_generic_provider(std::string id, std::string name, const ProviderMetadata& metadata, std::vector<std::string> scopes) {
    const bool signs = !metadata.jwks_uri.empty();
    const bool asks = !metadata.userinfo_endpoint.empty();
    if (scopes.empty()) scopes = {"openid", "email", "profile"};
    return {.id = std::move(id),
            .name = std::move(name),
            .issuer = metadata.issuer,
            .authorization_endpoint = metadata.authorization_endpoint,
            .token_endpoint = metadata.token_endpoint,
            .userinfo_endpoint = metadata.userinfo_endpoint,
            .jwks_uri = metadata.jwks_uri,
            .scopes = std::move(scopes),
            .source = asks ? ProfileSource::userinfo : ProfileSource::id_token,
            .authentication = metadata.basic_authentication ? ClientAuthentication::basic : ClientAuthentication::in_body,
            .sends_nonce = signs,
            .requires_iss = metadata.iss_in_callbacks};
}
}  // namespace argon::oauth
