// Text forms of bytes: hexadecimal (lower case), base64 and base64url (RFC 4648).
// Decoders are strict, so one value has one text: no white space, no wrong padding, no stray bits at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace argon::crypto {

std::string hex_encode(std::string_view bytes);
/// Takes either case; nothing for an odd length or another character.
std::optional<std::string> hex_decode(std::string_view text);

/// Standard alphabet, padded with `=`.
std::string base64_encode(std::string_view bytes);
/// Wants the padding.
std::optional<std::string> base64_decode(std::string_view text);

/// URL-safe alphabet without padding, as JOSE writes it.
std::string base64url_encode(std::string_view bytes);
/// Refuses padding.
std::optional<std::string> base64url_decode(std::string_view text);
}  // namespace argon::crypto
