#include "crypto/secret_key.hpp"

#include <string>

#include <doctest/doctest.h>

#include "crypto/mac.hpp"

namespace argon::crypto {

TEST_CASE("secret key: 32 bytes or nothing") {
    const std::string bytes = "0123456789abcdef0123456789abcdef";
    const auto key = SecretKey::from_bytes(bytes);
    REQUIRE(key);
    CHECK(key->bytes() == bytes);
    for (const std::size_t size : {0U, 31U, 33U, 64U}) CHECK(!SecretKey::from_bytes(std::string(size, 'k')));
    CHECK(SecretKey::generate().bytes() != SecretKey::generate().bytes());
}

TEST_CASE("master key: one key for each purpose, the same every time") {
    const std::string bytes(32, 'm');
    const MasterKey master{*SecretKey::from_bytes(bytes)};
    CHECK(master.derive("jwks").bytes() == derive_key(bytes, "jwks"));
    CHECK(master.derive("jwks").bytes() == master.derive("jwks").bytes());
    CHECK(master.derive("jwks").bytes() != master.derive("smtp").bytes());
    CHECK(master.derive("jwks").bytes() != bytes);
}
}  // namespace argon::crypto
