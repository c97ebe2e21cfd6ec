#include "crypto/mac.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
std::string bytes(std::string_view hex) { return *hex_decode(hex); }
}  // namespace

TEST_CASE("mac: SHA-256 of FIPS 180-4") {
    CHECK(hex_encode(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex_encode(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("mac: the HMAC-SHA256 vectors of RFC 4231") {
    struct Case {
        std::string key, message, digest;
    };
    for (const auto& [key, message, digest] : {
             Case{std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
             Case{"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
             Case{std::string(20, '\xaa'), std::string(50, '\xdd'), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
             Case{bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
                  "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
             Case{std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
                  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
             Case{std::string(131, '\xaa'),
                  "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
                  "hashed before being used by the HMAC algorithm.",
                  "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
         }) {
        CHECK(hex_encode(hmac_sha256(key, message)) == digest);
        const HmacKey kept{key};
        kept.sign("another message leaves no trace in the key");
        CHECK(hex_encode(kept.sign(message)) == digest);
    }
}

TEST_CASE("mac: the HKDF-SHA256 vectors of RFC 5869") {
    struct Case {
        std::string secret, salt, info, output;
    };
    const auto range = [](int first, int last) {
        std::string text;
        for (int i = first; i <= last; ++i) text.push_back(static_cast<char>(i));
        return text;
    };
    for (const auto& [secret, salt, info, output] : {
             Case{std::string(22, '\x0b'), range(0x00, 0x0c), range(0xf0, 0xf9),
                  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
             Case{range(0x00, 0x4f), range(0x60, 0xaf), range(0xb0, 0xff),
                  "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da327560"
                  "0c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
             Case{std::string(22, '\x0b'), "", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
         }) {
        CHECK(hex_encode(hkdf_sha256(secret, salt, info, output.size() / 2)) == output);
    }
    CHECK(hex_encode(derive_key(std::string(22, '\x0b'), "")) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    CHECK(derive_key("master", "cookies") != derive_key("master", "tokens"));
    CHECK_THROWS_AS(hkdf_sha256("s", "", "", 255 * 32 + 1), std::invalid_argument);
}

TEST_CASE("mac: equal compares length and content") {
    CHECK(equal("", ""));
    CHECK(equal("abc", "abc"));
    CHECK(!equal("abc", "abd"));
    CHECK(!equal("abc", "ab"));
    CHECK(!equal("abc", ""));
}
}  // namespace argon::crypto
