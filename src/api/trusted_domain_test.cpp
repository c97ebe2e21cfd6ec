#include "api/trusted_domain.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("trusted domain: web origins, exact or with a confined wildcard") {
    for (const auto* text : {"https://app.example.com", "http://app.example.com:8080", "https://App.Example.COM", "http://localhost:3000",
                             "http://localhost:*", "https://*.example.com", "https://app-*.example.com", "https://*.preview.example.com:8443",
                             "http://*.localhost:3000", "http://127.0.0.1:5173", "http://[::1]:5173", "https://xn--bcher-kva.example"}) {
        CAPTURE(text);
        CHECK_FALSE(trusted_domain(text));
    }
}

TEST_CASE("trusted domain: everything else is refused with its reason") {
    struct Case {
        std::string_view text;
        std::string_view reason;
    };
    for (const auto& [text, reason] : {
             Case{"", "expected scheme and host"},
             Case{"app.example.com", "expected scheme and host"},
             Case{"exp://192.168.0.1", "scheme \"exp\""},
             Case{"myapp://", "scheme \"myapp\""},
             Case{"javascript://x", "scheme \"javascript\""},
             Case{"HTTPS://app.example.com", "scheme \"HTTPS\""},
             Case{"https://app.example.com/", "no slash at the end"},
             Case{"https://app.example.com/path", "no path"},
             Case{"https://app.example.com?x=1", "no path"},
             Case{"https://app.example.com#x", "no path"},
             Case{"https://user@app.example.com", "user names"},
             Case{"https://", "not a host"},
             Case{"https://app example.com", "not a host"},
             Case{"https://app.example.com:0", "not a host"},
             Case{"https://app.example.com:99999", "not a host"},
             Case{"https://b\xC3\xBC"
                  "cher.example",
                  "Punycode"},
             Case{"https://a\\b.example.com", "not a host"},
             Case{"https://2130706433", "not a host"},
             Case{"https://*", "last two names"},
             Case{"https://*.com", "last two names"},
             Case{"https://*example.com", "last two names"},
             Case{"https://app.*", "last two names"},
             Case{"https://app.*.com", "last two names"},
             Case{"https://*:443", "last two names"},
         }) {
        CAPTURE(text);
        const auto complaint = trusted_domain(text);
        REQUIRE(complaint);
        CHECK(complaint->find(reason) != std::string::npos);
    }
    CHECK(trusted_domain("https://" + std::string(600, 'a') + ".example.com"));
}
}  // namespace argon::api
