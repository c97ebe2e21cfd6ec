// Compact JWS (RFC 7515) in the two forms we issue: EdDSA for JWTs that others verify with the JWKS, HS256 for those
// we verify ourselves. The algorithm follows from the key, never from the token. Claims are the caller's affair: `exp` too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/ed25519.hpp"
#include "crypto/mac.hpp"

namespace argon::crypto {

/// Signs with one key; keeps the encoded header `{"alg":"EdDSA","kid":"..."}`. Threads may share one.
class JwtSigner {
public:
    JwtSigner(Ed25519Key key, std::string_view kid);

    std::string sign(std::string_view payload_json) const;
    const Ed25519Key& key() const { return key_; }

private:
    Ed25519Key key_;
    std::string header_;  // encoded, with the dot
};

/// For a key that is used once.
std::string sign_jwt(const Ed25519Key& key, std::string_view kid, std::string_view payload_json);

/// With the header `{"alg":"HS256"}`.
std::string sign_hs256(const HmacKey& key, std::string_view payload_json);

/// The payload's text, when signature and header are right. Only `{"alg":"HS256"}` and the same with `"typ":"JWT"` are known headers,
/// which leaves no room for `none`, `crit`, `kid` or a member given twice.
std::optional<std::string> verify_hs256(const HmacKey& key, std::string_view token);
}  // namespace argon::crypto
