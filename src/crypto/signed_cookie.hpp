// Signed values as Better Auth puts them into cookies and bearer tokens: `value.signature`, the signature being the
// HMAC-SHA256 of the value in padded base64. The secret is used as text: HmacKey{secret}. (auth-wire-facts.md, fact 16)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/mac.hpp"

namespace argon::crypto {

/// Not URI-encoded: a cookie encodes the result, a `set-auth-token` header does not.
std::string sign_cookie(const HmacKey& key, std::string_view value);

/// The value, when its signature is right. `text` is URI-decoded.
std::optional<std::string> open_signed(const HmacKey& key, std::string_view text);
}  // namespace argon::crypto
