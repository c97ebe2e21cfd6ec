#include "crypto/es256.hpp"

#include <string>

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

using namespace argon;

namespace {
const std::string secret_a(48, 'a');
const std::string secret_b(48, 'b');
}  // namespace

TEST_CASE("es256: a secret always gives the same key, another secret another one") {
    const auto key = crypto::Es256Key::derive(secret_a);
    CHECK(key.x() == crypto::Es256Key::derive(secret_a).x());
    CHECK(key.x() != crypto::Es256Key::derive(secret_b).x());
    CHECK(key.x().size() == 32);
    CHECK(key.y().size() == 32);
    CHECK_THROWS(crypto::Es256Key::derive("short"));
}

TEST_CASE("es256: a secret of zeros and one beyond the order are keys as well") {
    for (const char byte : {'\0', '\xff'}) {
        const auto key = crypto::Es256Key::derive(std::string(48, byte));
        CHECK(key.verify("text", key.sign("text")));
    }
}

TEST_CASE("es256: signatures fit their text and key alone") {
    const auto key = crypto::Es256Key::derive(secret_a);
    const auto signature = key.sign("text");
    CHECK(signature.size() == 64);
    CHECK(key.verify("text", signature));
    CHECK_FALSE(key.verify("test", signature));
    CHECK_FALSE(crypto::Es256Key::derive(secret_b).verify("text", signature));
    CHECK_FALSE(key.verify("text", std::string(64, '\0')));
    CHECK_FALSE(key.verify("text", signature + "x"));
    CHECK_FALSE(key.verify("text", ""));
}

TEST_CASE("es256: tokens are ours byte for byte") {
    const crypto::Es256Signer signer{crypto::Es256Key::derive(secret_a)};
    const std::string payload = R"({"sub":"someone"})";
    const auto token = signer.sign(payload);
    CHECK(signer.verify(token) == payload);
    CHECK_FALSE(crypto::Es256Signer{crypto::Es256Key::derive(secret_b)}.verify(token));
    CHECK_FALSE(signer.verify(token + "A"));
    CHECK_FALSE(signer.verify(token.substr(0, token.rfind('.'))));
    const auto body = token.substr(token.find('.'));
    for (const std::string header : {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"ES256"})", R"({"alg":"ES256","kid":"another"})"}) {
        CHECK_FALSE(signer.verify(crypto::base64url_encode(header) + body));
    }
    for (const std::string junk : {"", ".", "..", "a.b", "a.b.c", "...."}) CHECK_FALSE(signer.verify(junk));
}
