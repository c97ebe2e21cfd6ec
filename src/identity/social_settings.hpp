// The column social_providers of neon_auth.project_config is a list of these: the OAuth providers people may sign in with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/decoder.hpp"

namespace argon::identity {

struct SocialProvider {
    std::string id;  ///< google, github, microsoft, vercel
    /// With the operator's credentials instead of the branch's own.
    bool isShared = false;
    std::optional<std::string> clientId;
    /// As stored, see branch_secrets.hpp.
    std::optional<std::string> clientSecret;
    std::optional<std::string> microsoftTenantId;
    /// `oidc` for a provider of the branch's own, with what its discovery document said when it was added; absent for the known four.
    std::optional<std::string> type;
    std::optional<std::string> name;
    std::optional<std::string> issuer;
    std::optional<std::string> authorizationEndpoint;
    std::optional<std::string> tokenEndpoint;
    std::optional<std::string> userinfoEndpoint;
    std::optional<std::string> jwksUri;
    std::optional<std::vector<std::string>> scopes;
    bool issInCallbacks = false;
    bool basicAuthentication = false;

    static void fields(auto& f, auto& s) {
        f.required("id", s.id, json::max_length{64});
        f.optional("isShared", s.isShared);
        f.optional("clientId", s.clientId, json::max_length{1024});
        f.optional("clientSecret", s.clientSecret, json::max_length{8192});
        f.optional("microsoftTenantId", s.microsoftTenantId, json::max_length{256});
        f.optional("type", s.type, json::max_length{16});
        f.optional("name", s.name, json::max_length{256});
        f.optional("issuer", s.issuer, json::max_length{2048});
        f.optional("authorizationEndpoint", s.authorizationEndpoint, json::max_length{2048});
        f.optional("tokenEndpoint", s.tokenEndpoint, json::max_length{2048});
        f.optional("userinfoEndpoint", s.userinfoEndpoint, json::max_length{2048});
        f.optional("jwksUri", s.jwksUri, json::max_length{2048});
        f.optional("scopes", s.scopes);
        f.optional("issInCallbacks", s.issInCallbacks);
        f.optional("basicAuthentication", s.basicAuthentication);
    }
};

/// The member `social` of the column `advanced`.
struct SocialSettings {
    /// sign-in/social answers the provider's URL and the callback sets the session cookie, as plain Better Auth clients expect;
    /// without it the app exchanges a verifier, as hosted Neon's clients do.
    bool direct = false;

    static void fields(auto& f, auto& s) { f.optional("direct", s.direct); }
};
}  // namespace argon::identity
