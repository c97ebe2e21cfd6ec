// The first half of a sign-in: the URL at the provider, and what ties the answer to it (RFC 6749 4.1.1, RFC 7636, RFC 9700).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oauth/provider.hpp"

namespace argon::oauth {

struct AuthorizationRequest {
    std::string redirect_uri;
    std::string state;
    std::string code_verifier;         ///< sent as its S256 challenge
    std::string nonce;                 ///< sent where the provider signs id_tokens
    std::vector<std::string> scopes;   ///< beyond the provider's own
    std::optional<std::string> login_hint;
};

/// 43 to 128 characters of RFC 7636 become 43.
std::string code_challenge(std::string_view code_verifier);

std::string authorization_url(const Provider& provider, const Credentials& credentials, const AuthorizationRequest& request);
}  // namespace argon::oauth
