#include "api/redirects.hpp"

#include <doctest/doctest.h>

using namespace argon;

TEST_CASE("redirects: an outcome joins the query before the fragment") {
    struct Case {
        std::string_view url;
        std::string_view expected;
    };
    for (const auto& [url, expected] : {
             Case{"/in", "/in?error=X"},
             Case{"/in?x=1", "/in?x=1&error=X"},
             Case{"/in?", "/in?error=X"},
             Case{"/in#top", "/in?error=X#top"},
             Case{"https://app.example.com/in?a=b&c#d?e", "https://app.example.com/in?a=b&c&error=X#d?e"},
             Case{"/in?error=none&x=1", "/in?x=1&error=X"},
             Case{"/in?%65rror=none", "/in?error=X"},
         }) {
        CHECK(api::with_parameter(url, "error", "X") == expected);
    }
    CHECK(api::with_parameter("/in", "token", "a&b=c") == "/in?token=a%26b%3Dc");
}
