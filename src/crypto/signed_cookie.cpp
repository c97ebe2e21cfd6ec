#include "crypto/signed_cookie.hpp"

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t signature_size = 44;
}

std::string sign_cookie(const HmacKey& key, std::string_view value) {
    std::string text{value};
    text.push_back('.');
    text += base64_encode(key.sign(value));
    return text;
}

std::optional<std::string> open_signed(const HmacKey& key, std::string_view text) {
    // The value may hold dots; base64 has none.
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return std::nullopt;
    const std::string_view value = text.substr(0, dot);
    const std::string_view signature = text.substr(dot + 1);
    if (signature.size() != signature_size) return std::nullopt;
    // Comparing the encoded form also refuses other alphabets and other spellings of the same bytes.
    if (!equal(signature, base64_encode(key.sign(value)))) return std::nullopt;
    return std::string{value};
}
}  // namespace argon::crypto
