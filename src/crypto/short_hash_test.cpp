#include "crypto/short_hash.hpp"

#include <string>

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {

TEST_CASE("short hash: the reference vectors of SipHash-2-4-128") {
    std::string key;
    for (char i = 0; i < 32; ++i) key.push_back(i);
    const ShortHasher hash{*SecretKey::from_bytes(key)};
    const auto hex = [](const ShortHash& value) { return hex_encode({value.data(), value.size()}); };
    CHECK(hex(hash("")) == "a3817f04ba25a8e66df67214c7550293");
    CHECK(hex(hash(std::string_view{"\0", 1})) == "da87c1d86b99af44347659119b22fc45");
    CHECK(hex(hash(std::string_view{"\0\1", 2})) == "8177228da4a45dc7fca38bdef60affe4");
}
}  // namespace argon::crypto
