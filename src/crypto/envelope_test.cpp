#include "crypto/envelope.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {
namespace {
SecretKey key_of(std::string_view hex) { return *SecretKey::from_bytes(*hex_decode(hex)); }
}  // namespace

TEST_CASE("envelope: the AEAD vector of draft-irtf-cfrg-xchacha, appendix A.3.1") {
    const auto key = key_of("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    const auto aad = hex_decode("50515253c0c1c2c3c4c5c6c7");
    const auto box = hex_decode(
        "404142434445464748494a4b4c4d4e4f5051525354555657"
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e"
        "1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e"
        "c0875924c1c7987947deafd8780acf49");
    REQUIRE(box);
    CHECK(open(key, "v1:" + base64url_encode(*box), *aad) ==
          "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
}

TEST_CASE("envelope: what is sealed opens with the same key in the same place only") {
    const auto key = SecretKey::generate();
    for (const std::size_t size : {0U, 1U, 100U, 10'000U}) {
        const std::string plaintext(size, 's');
        const std::string sealed = seal(key, plaintext, "project_config.smtp_password/1");
        CHECK(sealed.starts_with("v1:"));
        CHECK(open(key, sealed, "project_config.smtp_password/1") == plaintext);
        CHECK(!open(key, sealed, "project_config.smtp_password/2"));
        CHECK(!open(key, sealed, ""));
        CHECK(!open(SecretKey::generate(), sealed, "project_config.smtp_password/1"));
    }
    CHECK(seal(key, "same", "") != seal(key, "same", ""));
}

TEST_CASE("envelope: every flipped bit and every shorter text is refused") {
    const auto key = SecretKey::generate();
    const std::string sealed = seal(key, "the secret", "row");
    const std::string box = *base64url_decode(std::string_view{sealed}.substr(3));
    for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
        std::string flipped = box;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        CHECK_MESSAGE(!open(key, "v1:" + base64url_encode(flipped), "row"), bit);
    }
    for (std::size_t size = 0; size < sealed.size(); ++size) CHECK_MESSAGE(!open(key, sealed.substr(0, size), "row"), size);
    for (const std::string& text : {sealed + "A", sealed + "=", sealed + "\n", "v2:" + sealed.substr(3), sealed.substr(3), " " + sealed}) {
        CHECK_MESSAGE(!open(key, text, "row"), text);
    }
}

TEST_CASE("envelope: Better Auth's format, as @noble/ciphers writes it") {
    const std::string hex =
        "404142434445464748494a4b4c4d4e4f505152535455565729f04d9f2f6d99f4cc2e331f1252c2ac84c8ffe6b14ae4675d1d684a6356d09e502acb96"
        "1187d134d4f1d6a092bca89985364edfcdbcdd690ceaea912b53cf7eb2db5953edc86af7d2177debb755c8d0e522b32605fcdb73ec4c4bfecd025182"
        "49c144f7cef55a9f1e4f61a627aabb06e1361bbf69213d31f7b4e491b3c6e87c69541329ee67673252909606f04a6cf382";
    const std::string jwk =
        R"({"crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kty":"OKP"})";
    constexpr std::string_view secret = "better-auth-secret-123456789";
    CHECK(open_better_auth(secret, hex) == jwk);
    CHECK(open_better_auth(secret, '"' + hex + '"') == jwk);

    const std::string sealed = seal_better_auth(secret, jwk);
    CHECK(sealed.size() == hex.size());
    CHECK(sealed != hex);
    CHECK(open_better_auth(secret, sealed) == jwk);
}

TEST_CASE("envelope: Better Auth's format is refused when anything is off") {
    constexpr std::string_view secret = "better-auth-secret-123456789";
    const std::string sealed = seal_better_auth(secret, "token");
    CHECK(!open_better_auth("another secret", sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string flipped = sealed;
        flipped[i] = flipped[i] == '0' ? '1' : '0';
        CHECK_MESSAGE(!open_better_auth(secret, flipped), i);
        CHECK_MESSAGE(!open_better_auth(secret, sealed.substr(0, i)), i);
    }
    for (const std::string& text : {'"' + sealed, sealed + '"', "\"\"" + sealed, std::string{"\""}, std::string{"\"\""}, sealed + "00"}) {
        CHECK_MESSAGE(!open_better_auth(secret, text), text);
    }
}
}  // namespace argon::crypto
