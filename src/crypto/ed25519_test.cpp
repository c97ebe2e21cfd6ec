#include "crypto/ed25519.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
std::string bytes(std::string_view hex) { return *hex_decode(hex); }
}  // namespace

TEST_CASE("ed25519: the vectors of RFC 8032, section 7.1") {
    struct Case {
        std::string seed, public_key, message, signature;
    };
    for (const auto& [seed, public_key, message, signature] : {
             Case{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
                  "24655141438e7a100b"},
             Case{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
                  "eeb00d291612bb0c00"},
             Case{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
                  "8dc027beceea1ec40a"},
         }) {
        const auto key = Ed25519Key::from_seed(bytes(seed));
        REQUIRE(key);
        CHECK(hex_encode(key->public_key()) == public_key);
        CHECK(hex_encode(key->seed()) == seed);
        CHECK(hex_encode(key->sign(bytes(message))) == signature);
        CHECK(Ed25519Key::verify(key->public_key(), bytes(message), bytes(signature)));
    }
}

TEST_CASE("ed25519: a changed message, signature or key does not verify") {
    const auto key = Ed25519Key::generate();
    const std::string message = "the message";
    const std::string signature = key.sign(message);
    REQUIRE(Ed25519Key::verify(key.public_key(), message, signature));

    CHECK(!Ed25519Key::verify(key.public_key(), "the massage", signature));
    CHECK(!Ed25519Key::verify(Ed25519Key::generate().public_key(), message, signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        std::string flipped = signature;
        flipped[i] ^= 1;
        CHECK(!Ed25519Key::verify(key.public_key(), message, flipped));
    }
    CHECK(!Ed25519Key::verify(key.public_key(), message, signature.substr(0, 63)));
    CHECK(!Ed25519Key::verify(key.public_key(), message, signature + "x"));
    CHECK(!Ed25519Key::verify(key.public_key().substr(1), message, signature));
    // A public key of small order would accept one signature for many messages.
    CHECK(!Ed25519Key::verify(std::string(32, '\0'), message, std::string(64, '\0')));
}

TEST_CASE("ed25519: a seed has 32 bytes") {
    for (const std::size_t size : {0U, 31U, 33U, 64U}) CHECK(!Ed25519Key::from_seed(std::string(size, 's')));
}
}  // namespace argon::crypto
