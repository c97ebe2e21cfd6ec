#include "crypto/jwt.hpp"

#include <algorithm>
#include <array>

#include "crypto/encoding.hpp"
#include "crypto/jwk.hpp"

namespace argon::crypto {
namespace {
constexpr std::string_view hs256_header = R"({"alg":"HS256"})";
constexpr std::array known_headers{
    hs256_header,
    std::string_view{R"({"alg":"HS256","typ":"JWT"})"},
    std::string_view{R"({"typ":"JWT","alg":"HS256"})"},
};

/// Both parts encoded, with a dot after the first.
std::string signing_input(std::string_view encoded_header, std::string_view payload_json) {
    std::string input{encoded_header};
    input += base64url_encode(payload_json);
    return input;
}

std::string with_signature(std::string input, std::string_view signature) {
    input.push_back('.');
    input += base64url_encode(signature);
    return input;
}
}  // namespace

JwtSigner::JwtSigner(Ed25519Key key, std::string_view kid) : key_(key) {
    header_ = base64url_encode(R"({"alg":"EdDSA","kid":)" + json_quote(kid) + "}") + ".";
}

std::string JwtSigner::sign(std::string_view payload_json) const {
    std::string input = signing_input(header_, payload_json);
    const std::string signature = key_.sign(input);
    return with_signature(std::move(input), signature);
}

std::string sign_jwt(const Ed25519Key& key, std::string_view kid, std::string_view payload_json) { return JwtSigner{key, kid}.sign(payload_json); }

std::string sign_hs256(const HmacKey& key, std::string_view payload_json) {
    static const std::string header = base64url_encode(hs256_header) + ".";
    std::string input = signing_input(header, payload_json);
    const std::string signature = key.sign(input);
    return with_signature(std::move(input), signature);
}

std::optional<std::string> verify_hs256(const HmacKey& key, std::string_view token) {
    const std::size_t header_end = token.find('.');
    const std::size_t payload_end = token.rfind('.');
    if (header_end == std::string_view::npos || header_end == payload_end) return std::nullopt;

    // A further dot would be inside the payload, where the decoder refuses it.
    const auto signature = base64url_decode(token.substr(payload_end + 1));
    if (!signature || !equal(*signature, key.sign(token.substr(0, payload_end)))) return std::nullopt;
    const auto header = base64url_decode(token.substr(0, header_end));
    if (!header || std::ranges::find(known_headers, *header) == known_headers.end()) return std::nullopt;
    return base64url_decode(token.substr(header_end + 1, payload_end - header_end - 1));
}
}  // namespace argon::crypto
