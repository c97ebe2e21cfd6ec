#include "api/origins.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("relative paths: only what cannot leave the origin") {
    for (const std::string_view good : {"/", "/a", "/a/b-c_d.e+f@g", "/dash?tab=1&x=a%20b"}) CHECK(is_safe_relative_path(good));
    for (const std::string_view bad : {"", "a", "//evil", "/\\evil", "/%2fevil", "/%5cevil", "/a#x", "/a b", "/ä", "/a?x=<", "/\t/evil"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_safe_relative_path(bad));
    }
}

TEST_CASE("S004, S006, S014: origins against patterns") {
    struct Case {
        std::string_view url;
        std::string_view pattern;
        bool matches;
    };
    const Case cases[] = {
        {"https://app.example.com", "https://app.example.com", true},
        {"https://app.example.com/x?y", "https://app.example.com", true},
        {"https://app.example.com:443", "https://app.example.com", true},
        {"https://app.example.com:444", "https://app.example.com", false},
        {"http://app.example.com", "https://app.example.com", false},
        {"https://app.example.com.evil.net", "https://app.example.com", false},
        {"https://evil.net/https://app.example.com", "https://app.example.com", false},
        {"https://a.preview.example.com", "https://*.preview.example.com", true},
        {"https://a.b.preview.example.com", "https://*.preview.example.com", true},
        {"https://preview.example.com", "https://*.preview.example.com", false},
        {"https://evil.com?.preview.example.com", "https://*.preview.example.com", false},
        {"https://evil.com/.preview.example.com", "https://*.preview.example.com", false},
        {"http://a.preview.example.com", "https://*.preview.example.com", false},
        {"https://a.app.example", "*.app.example", true},
        {"http://a.app.example:3000", "*.app.example", false},
        {"myapp://cb", "myapp://", true},
        {"myapp://cb/x?y=1", "myapp://cb", true},
        {"myapp://cb.evil", "myapp://cb", false},
        {"myapp://cb/../x", "myapp://", false},
        {"otherapp://cb", "myapp://", false},
        {"javascript:alert(1)", "myapp://", false},
        {"javascript://x", "javascript://", false},
        {"data:text/html,hi", "data://", false},
        {"https://anything", "https://", false},
    };
    for (const auto& [url, pattern, matches] : cases) {
        CAPTURE(url);
        CAPTURE(pattern);
        CHECK(matches_origin(url, pattern) == matches);
    }
}

TEST_CASE("loopback is trusted by the setting, whatever its port") {
    const TrustedOrigins open{{"http://localhost:4400"}, {}, true};
    const TrustedOrigins closed{{"http://localhost:4400"}, {"https://APP.example.com:443/"}, false};
    for (const std::string_view origin : {"http://localhost:3000", "https://localhost", "http://127.0.0.1:5173", "http://[::1]:1"}) {
        CHECK(open.trusts_origin(origin));
        CHECK_FALSE(closed.trusts_origin(origin));
    }
    CHECK(closed.trusts_origin("http://localhost:4400"));
    CHECK(closed.trusts_origin("https://app.example.com"));
    CHECK_FALSE(open.trusts_origin("http://localhost.evil.com"));
    CHECK_FALSE(open.trusts_origin("http://evil-localhost"));
    CHECK_FALSE(open.trusts_origin("/relative"));
    CHECK(open.trusts_target("/relative"));
}

TEST_CASE("wildcards are compared as origins are: in lower case, without the scheme's own port") {
    const TrustedOrigins trusted{{}, {"https://*.Example.COM:443", "http://*.example.org:80", "https://*.example.net:8443"}, false};
    for (const std::string_view origin : {"https://a.example.com", "http://a.example.org", "https://a.example.net:8443"})
        CHECK(trusted.trusts_origin(origin));
    for (const std::string_view origin : {"https://a.example.com:80", "https://a.example.net", "http://a.example.com"})
        CHECK_FALSE(trusted.trusts_origin(origin));
}
}  // namespace argon::api
