#include "crypto/jwk.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
// RFC 8037, appendix A.1.
constexpr std::string_view seed_hex = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
constexpr std::string_view x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

std::string fill(std::string text) {
    for (const auto& [name, value] : {std::pair{"$d", d}, std::pair{"$x", x}}) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, 2, value);
    }
    return text;
}
}  // namespace

TEST_CASE("jwk: written as RFC 8037 and Better Auth have it") {
    const auto key = Ed25519Key::from_seed(*hex_decode(seed_hex));
    REQUIRE(key);
    CHECK(private_jwk_json(*key) == fill(R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP"})"));
    CHECK(public_jwk_json(key->public_key(), "k1") == fill(R"({"alg":"EdDSA","crv":"Ed25519","x":"$x","kty":"OKP","kid":"k1"})"));
    CHECK(public_jwk_json(key->public_key(), "\"\\\n") == fill(R"({"alg":"EdDSA","crv":"Ed25519","x":"$x","kty":"OKP","kid":"\"\\\u000a"})"));
}

TEST_CASE("jwk: a private key is read with its members in any order") {
    for (const auto* text : {
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP"})",
             R"({"kty":"OKP","x":"$x","d":"$d","crv":"Ed25519"})",
             R"({"kid":"k1","alg":"EdDSA","kty":"OKP","crv":"Ed25519","x":"$x","d":"$d"})",
             "\n{ \"kty\" : \"OKP\",\t\"crv\":\"Ed25519\",\r\n\"x\":\"$x\",\"d\":\"$d\" } ",
         }) {
        const auto key = parse_private_jwk(fill(text));
        REQUIRE_MESSAGE(key, text);
        CHECK(hex_encode(key->seed()) == seed_hex);
    }
}

TEST_CASE("jwk: anything else is refused") {
    for (const auto* text : {
             "",
             "null",
             "{}",
             "[]",
             R"("{}")",
             R"({"crv":"Ed25519","d":"$d","kty":"OKP"})",                                   // no x
             R"({"crv":"Ed25519","x":"$x","kty":"OKP"})",                                   // public only
             R"({"crv":"Ed448","d":"$d","x":"$x","kty":"OKP"})",                            // other curve
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"EC"})",                           // other type
             R"({"crv":"Ed25519","d":"$x","x":"$x","kty":"OKP"})",                          // x of another key
             R"({"crv":"Ed25519","d":"$d=","x":"$x","kty":"OKP"})",                         // padded
             R"({"crv":"Ed25519","d":"nWGx","x":"$x","kty":"OKP"})",                        // short
             R"({"crv":"Ed25519","d":"$d","d":"$d","x":"$x","kty":"OKP"})",                 // twice
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP","ext":true})",               // no string
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP","key_ops":["sign"]})",       // nested
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"O\u004bP"})",                     // escaped
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP",})",                         // comma
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP"}x)",                         // more
             R"({"crv":"Ed25519","d":"$d","x":"$x","kty":"OKP")",                           // less
         }) {
        CHECK_MESSAGE(!parse_private_jwk(fill(text)), text);
    }
    CHECK(!parse_private_jwk(std::string(1'000'000, '{')));
}
}  // namespace argon::crypto
