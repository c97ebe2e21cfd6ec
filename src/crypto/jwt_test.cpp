#include "crypto/jwt.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
const HmacKey hs256_key{"super-secret"};
constexpr std::string_view payload = R"({"email":"ada@example.com","exp":1700000000})";

std::string signed_with_header(std::string_view header) {
    const std::string input = base64url_encode(header) + "." + base64url_encode(payload);
    return input + "." + base64url_encode(hs256_key.sign(input));
}
}  // namespace

TEST_CASE("jwt: EdDSA tokens carry alg and kid alone and verify with the public key") {
    const auto key = Ed25519Key::generate();
    const JwtSigner signer{key, "018f-k1"};
    const std::string token = signer.sign(payload);
    CHECK(token == sign_jwt(key, "018f-k1", payload));

    const std::size_t header_end = token.find('.');
    const std::size_t payload_end = token.rfind('.');
    CHECK(base64url_decode(token.substr(0, header_end)) == R"({"alg":"EdDSA","kid":"018f-k1"})");
    CHECK(base64url_decode(token.substr(header_end + 1, payload_end - header_end - 1)) == payload);
    const auto signature = base64url_decode(token.substr(payload_end + 1));
    REQUIRE(signature);
    CHECK(Ed25519Key::verify(key.public_key(), token.substr(0, payload_end), *signature));
}

TEST_CASE("jwt: a kid cannot break out of the header") {
    const std::string token = sign_jwt(Ed25519Key::generate(), R"(a","alg":"none)", "{}");
    CHECK(base64url_decode(token.substr(0, token.find('.'))) == R"({"alg":"EdDSA","kid":"a\",\"alg\":\"none"})");
}

TEST_CASE("jwt: HS256 as Node computes it") {
    const std::string bare =
        "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsImV4cCI6MTcwMDAwMDAwMH0.zB8JcWZwVmDB9dY_eSTlhIjCIR7i-TSqQkbYuHFWV9Y";
    const std::string typed =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsImV4cCI6MTcwMDAwMDAwMH0."
        "Z7rTRsBrLdVP8ZdO0wQLQoFfgc8G8LWSuyQbU-OPCsQ";
    CHECK(sign_hs256(hs256_key, payload) == bare);
    CHECK(verify_hs256(hs256_key, bare) == payload);
    CHECK(verify_hs256(hs256_key, typed) == payload);
    CHECK(!verify_hs256(HmacKey{"other"}, bare));
}

TEST_CASE("jwt: a rightly signed token needs one of the known headers") {
    struct Case {
        std::string_view header;
        bool accepted;
    };
    for (auto [header, accepted] : {
             Case{R"({"alg":"HS256"})", true},
             Case{R"({"alg":"HS256","typ":"JWT"})", true},
             Case{R"({"typ":"JWT","alg":"HS256"})", true},
             Case{R"({"alg":"none"})", false},
             Case{R"({"alg":"HS512"})", false},
             Case{R"({"alg":"EdDSA"})", false},
             Case{R"({"alg":"hs256"})", false},
             Case{R"({"alg":"HS256","crit":["exp"],"exp":1})", false},
             Case{R"({"alg":"HS256","alg":"HS256"})", false},
             Case{R"({"alg":"none","alg":"HS256"})", false},
             Case{R"({"alg":"HS256","kid":"../../dev/null"})", false},
             Case{R"({})", false},
             Case{"", false},
         }) {
        CHECK_MESSAGE(verify_hs256(hs256_key, signed_with_header(header)).has_value() == accepted, header);
    }
}

TEST_CASE("jwt: every flipped character and every wrong shape is refused") {
    const std::string token = sign_hs256(hs256_key, payload);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string flipped = token;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        CHECK_MESSAGE(!verify_hs256(hs256_key, flipped), i);
    }
    const std::string unsigned_part = token.substr(0, token.rfind('.'));
    for (const std::string& text : {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b"}, unsigned_part, unsigned_part + ".",
                                    token + ".", token + "=", "." + token, " " + token, token + ".x"}) {
        CHECK_MESSAGE(!verify_hs256(hs256_key, text), text);
    }
}
}  // namespace argon::crypto
