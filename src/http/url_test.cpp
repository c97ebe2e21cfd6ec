#include "http/url.hpp"

#include <doctest/doctest.h>

namespace argon::http {

TEST_CASE("S013: parse_url: what browsers read in one way only") {
    struct Case {
        std::string_view text;
        std::string_view origin;  // empty: refused
    };
    const Case cases[] = {
        {"https://example.com", "https://example.com"},
        {"https://EXAMPLE.com:443/a?b#c", "https://example.com"},
        {"http://example.com:80", "http://example.com"},
        {"http://localhost:3000/x", "http://localhost:3000"},
        {"http://127.0.0.1:1", "http://127.0.0.1:1"},
        {"http://[::1]:8080/", "http://[::1]:8080"},
        {"https://user@example.com/", ""},
        {"https://example.com@evil.example/", ""},
        {"https:\\\\evil.com", ""},
        {"https://evil.com\\@example.com", ""},
        {"https://exa mple.com", ""},
        {"https://ex%61mple.com", ""},
        {"https://exämple.com", ""},
        {"https://example.com.", ""},
        {"https://example..com", ""},
        {"https://2130706433/", ""},
        {"https://0x7f.1/", ""},
        {"https://127.1/", ""},
        {"https://0127.0.0.1/", ""},
        {"https://example.com:0/", ""},
        {"https://example.com:99999/", ""},
        {"https://example.com:80a/", ""},
        {"https://", ""},
        {"//example.com", ""},
        {"javascript://example.com", ""},
        {"ftp://example.com", ""},
        {"https://example.com\t", ""},
    };
    for (const auto& [text, origin] : cases) {
        CAPTURE(text);
        const auto url = parse_url(text);
        CHECK((url ? url->origin() : "") == origin);
    }
}

TEST_CASE("percent encoding is JavaScript's") {
    CHECK(percent_encode("a b+/=.-_~!*'()é") == "a%20b%2B%2F%3D.-_~!*'()%C3%A9");
    CHECK(percent_decode("a%20b%2B") == "a b+");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%2"));
    CHECK_FALSE(percent_decode("%zz"));
}

TEST_CASE("query parameters are decoded once; broken ones stay as they came") {
    const auto parameters = parse_query("a=1&b=x+y%2520&c&=d&e=%zz&&a=2");
    REQUIRE(parameters.size() == 6);
    CHECK(*find(parameters, "a") == "1");
    CHECK(*find(parameters, "b") == "x y%20");
    CHECK(*find(parameters, "c") == "");
    CHECK(*find(parameters, "e") == "%zz");
    CHECK(find(parameters, "f") == nullptr);
}

TEST_CASE("Host fields") {
    for (const std::string_view good : {"localhost", "localhost:4400", "127.0.0.1:80", "[::1]", "[::1]:4400", "ep-x.example.com"})
        CHECK(is_valid_host(good));
    for (const std::string_view bad : {"", "/", "a/b", "a:b", "a:", "a:70000", "a b", "a@b", "[::1", "a,b", "ä"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_valid_host(bad));
    }
}
}  // namespace argon::http
