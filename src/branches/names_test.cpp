#include "branches/names.hpp"

#include <doctest/doctest.h>

namespace argon::branches {

TEST_CASE("names: plain text is UTF-8 without control characters") {
    struct Case {
        std::string_view text;
        bool plain;
    };
    using namespace std::string_view_literals;
    for (const auto& [text, plain] :
         {Case{"", true}, Case{"neondb", true}, Case{"Grüße 東京 \U0001F40D", true}, Case{"a\tb", false}, Case{"a\0b"sv, false}, Case{"\x7F", false},
          Case{"\xC2\x85", false}, Case{"\xFF", false}, Case{"\xC0\xAF", false}, Case{"\xED\xA0\x80", false}, Case{"\xF5\x80\x80\x80", false},
          Case{"\xE2\x82", false}, Case{"\x80", false}}) {
        CAPTURE(text);
        CHECK(is_plain_text(text) == plain);
    }
}

TEST_CASE("names: identifiers have 63 bytes at most, whatever the characters") {
    CHECK_FALSE(database_name(std::string(63, 'x')));
    CHECK(database_name(std::string(64, 'x')));
    CHECK(database_name(std::string(31, 'x') + std::string(11, '\xE2')));
    CHECK(database_name(""));
    CHECK_FALSE(database_name("quote\"d; DROP"));
}

TEST_CASE("names: what belongs to the system is refused") {
    for (const auto name : {"pg_monitor", "pg_", "argonauth", "neon_auth", "postgres", "public", "none"}) CHECK(role_name(name));
    for (const auto name : {"postgres", "template0", "template1"}) CHECK(database_name(name));
    CHECK_FALSE(role_name("neondb_owner"));
    CHECK_FALSE(database_name("neon_auth"));
}

TEST_CASE("names: projects and branches take 256 characters") {
    CHECK_FALSE(display_name("preview/fix-login"));
    CHECK_FALSE(display_name(std::string(256, 'x')));
    CHECK(display_name(std::string(257, 'x')));
    CHECK(display_name(""));
}
}  // namespace argon::branches
