#include "crypto/encoding.hpp"

#include <doctest/doctest.h>

namespace argon::crypto {
using namespace std::string_literals;

TEST_CASE("encoding: the vectors of RFC 4648, section 10") {
    struct Case {
        std::string bytes, hex, base64;
    };
    for (const auto& [bytes, hex, base64] : {
             Case{"", "", ""},
             Case{"f", "66", "Zg=="},
             Case{"fo", "666f", "Zm8="},
             Case{"foo", "666f6f", "Zm9v"},
             Case{"foob", "666f6f62", "Zm9vYg=="},
             Case{"fooba", "666f6f6261", "Zm9vYmE="},
             Case{"foobar", "666f6f626172", "Zm9vYmFy"},
             Case{"\x00\xff\xfe"s, "00fffe", "AP/+"},
         }) {
        CHECK(hex_encode(bytes) == hex);
        CHECK(hex_decode(hex) == bytes);
        CHECK(base64_encode(bytes) == base64);
        CHECK(base64_decode(base64) == bytes);
    }
}

TEST_CASE("encoding: base64url has its own alphabet and no padding") {
    CHECK(base64url_encode("\xfb\xff") == "-_8");
    CHECK(base64url_decode("-_8") == "\xfb\xff");
    CHECK(base64url_encode("\xfb\xff\xbf") == "-_-_");
}

TEST_CASE("encoding: every byte survives, at every length modulo 3") {
    std::string bytes;
    for (int i = 0; i < 260; ++i) {
        CHECK(hex_decode(hex_encode(bytes)) == bytes);
        CHECK(base64_decode(base64_encode(bytes)) == bytes);
        CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
        bytes.push_back(static_cast<char>(i));
    }
}

TEST_CASE("encoding: hexadecimal takes upper case and refuses the rest") {
    CHECK(hex_decode("DEADbeef") == "\xde\xad\xbe\xef");
    for (const auto& text : {"a"s, "abc"s, "0g"s, " 0a"s, "0a "s, "0a 0b"s, "0x0a"s, "\0\0"s}) CHECK(!hex_decode(text));
}

TEST_CASE("encoding: base64 refuses whatever an encoder would not write") {
    for (const auto& text : {"Zg"s, "Zg="s, "Zg==="s, "Zg==Zg=="s, "Zh=="s, "Zm9="s, "="s, "===="s, "Z==="s, "Zm 9"s, "Zm9v\n"s, "-_8="s, "Zm9\0"s}) {
        CHECK_MESSAGE(!base64_decode(text), text);
    }
    for (const auto& text : {"Zg=="s, "Zh"s, "Z"s, "+/8"s, "Zm9v "s, "Zm9vY"s}) CHECK_MESSAGE(!base64url_decode(text), text);
}
}  // namespace argon::crypto
