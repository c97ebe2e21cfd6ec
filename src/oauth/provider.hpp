// Identity providers as data: where they answer, what they are asked for, and which of their words count.
// Nothing here knows branches, users or sessions: the auth service and the legacy provider both sign people in with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace argon::oauth {

/// Where a person's profile comes from.
enum class ProfileSource {
    id_token,  ///< signed claims of the token answer
    userinfo,  ///< OpenID Connect's userinfo endpoint; a given id_token is checked all the same and must be about the same person
    github,    ///< GitHub's /user and /user/emails
};

/// How the client proves who it is at the token endpoint.
enum class ClientAuthentication { in_body, basic };

struct Provider {
    std::string id;
    std::string name;  ///< for people
    /// Issuer of id_tokens; `{tenantid}` in it stands for the token's own `tid` (Microsoft's multi-tenant endpoints).
    std::string issuer;
    /// A further spelling of the issuer that counts (Google's without scheme).
    std::string other_issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;
    std::string emails_endpoint;  ///< GitHub's
    std::string jwks_uri;
    std::vector<std::string> scopes;
    /// Query parameters of the authorize URL that are always there.
    std::vector<std::pair<std::string, std::string>> extra_parameters;
    ProfileSource source = ProfileSource::id_token;
    ClientAuthentication authentication = ClientAuthentication::in_body;
    bool sends_nonce = true;
    bool takes_login_hint = true;
    bool sends_scope_on_refresh = false;
    /// The provider announced `iss` in its callbacks (RFC 9207): one without is then refused.
    bool requires_iss = false;
    /// Only tokens of this kind of Microsoft account: `organizations` or `consumers`; empty: all.
    std::string account_class;
    /// Endpoints on http: for the operator's own (tests, `argonauth dev`), never for what a branch named.
    bool allow_plain_http = false;
};

/// A client registered at the provider.
struct Credentials {
    std::string client_id;
    std::string client_secret;
};

/// What an operator's configuration replaces; empty members leave a provider's own.
struct Endpoints {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;
    std::string emails_endpoint;
    std::string jwks_uri;

    static void fields(auto& f, auto& endpoints) {
        f.optional("issuer", endpoints.issuer);
        f.optional("authorization_endpoint", endpoints.authorization_endpoint);
        f.optional("token_endpoint", endpoints.token_endpoint);
        f.optional("userinfo_endpoint", endpoints.userinfo_endpoint);
        f.optional("emails_endpoint", endpoints.emails_endpoint);
        f.optional("jwks_uri", endpoints.jwks_uri);
    }
};
/// With the operator's endpoints in the place of the provider's own; plain http is allowed from then on.
Provider with_endpoints(Provider provider, const Endpoints& endpoints);

/// google, github, microsoft, vercel. `tenant` is Microsoft's: an id, a domain, `organizations`, `consumers` or `common`.
std::optional<Provider> find_known_provider(std::string_view id, std::string_view tenant = {});
bool is_known_provider(std::string_view id);

/// What a provider says about itself in its discovery document, or an administrator in its place.
struct ProviderMetadata {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;
    std::string jwks_uri;
    bool iss_in_callbacks = false;
    bool basic_authentication = false;
};
/// Any OpenID Connect provider, or any OAuth 2.0 provider with a userinfo endpoint where there is no `jwks_uri`.
Provider make_generic_provider(std::string id, std::string name, const ProviderMetadata& metadata, std::vector<std::string> scopes = {});
}  // namespace argon::oauth
