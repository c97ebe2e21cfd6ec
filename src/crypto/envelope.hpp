// Secrets at rest: XChaCha20-Poly1305 with a random nonce of 24 bytes, as text that fits any column.
// Whoever writes the table may be hostile, so a sealed text is bound to its place: `aad` names table, column and row,
// and a text moved to another row does not open there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret_key.hpp"

namespace argon::crypto {

/// `v1:` and base64url of nonce and ciphertext. The same plaintext never gives the same text twice.
std::string seal(const SecretKey& key, std::string_view plaintext, std::string_view aad);
/// Nothing for a text that was not sealed with this key for this place.
std::optional<std::string> open(const SecretKey& key, std::string_view sealed, std::string_view aad);

/// Better Auth's own format: hexadecimal of nonce and ciphertext, key = SHA-256(secret), bound to nothing. Its `jwks` table keeps
/// the hexadecimal as a JSON string, in quotes, which the caller adds. (auth-wire-facts.md, fact 24)
std::string seal_better_auth(std::string_view secret, std::string_view plaintext);
/// Takes the hexadecimal with or without the quotes.
std::optional<std::string> open_better_auth(std::string_view secret, std::string_view sealed);
}  // namespace argon::crypto
