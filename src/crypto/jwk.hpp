// Ed25519 keys as JSON Web Keys (RFC 8037), member for member as Better Auth writes them. (auth-wire-facts.md, facts 23, 24)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/ed25519.hpp"

namespace argon::crypto {

/// An entry of a JWKS: `{"alg":"EdDSA","crv":"Ed25519","x":"...","kty":"OKP","kid":"..."}`.
std::string public_jwk_json(std::string_view public_key, std::string_view kid);

/// `{"crv":"Ed25519","d":"...","x":"...","kty":"OKP"}`: a secret, to be stored sealed.
std::string private_jwk_json(const Ed25519Key& key);

/// Reads a private JWK with its members in any order. It comes from a tenant's table: nothing for a member that occurs twice or is
/// no string, for another curve, or when `x` does not belong to `d`. Further members are skipped.
std::optional<Ed25519Key> parse_private_jwk(std::string_view json);

/// Text as a JSON string, quotes included.
std::string json_quote(std::string_view text);
}  // namespace argon::crypto
