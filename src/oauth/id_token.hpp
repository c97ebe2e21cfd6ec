// OpenID Connect's id_token (Core 3.1.3.7): who signed it, for whom, for which sign-in, and until when.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "json/value.hpp"
#include "oauth/key_cache.hpp"
#include "oauth/provider.hpp"

namespace argon::oauth {

struct IdTokenRules {
    const Provider& provider;
    const std::string& client_id;
    const std::optional<std::string>& nonce;  ///< absent: the token belongs to no authorization request
    TimePoint now;
    /// The token is taken as proof of who is there now: one of an hour ago is none. So it is where it has a nonce.
    bool is_recent = false;
};

/// The key id of the token's header; empty when it names none. Nothing for what is no signed token, or one with critical extensions.
std::optional<std::string> key_id(std::string_view token);

/// The claims, or what is wrong with the token.
std::expected<json::Object, std::string> verify_id_token(std::string_view token, const SigningKeys& keys, const IdTokenRules& rules);
}  // namespace argon::oauth
