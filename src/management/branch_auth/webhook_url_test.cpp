#include "management/branch_auth/webhook_url.hpp"

#include <doctest/doctest.h>

namespace argon::management::branch_auth {

TEST_CASE("S158, S165: webhook url: https and public names; this machine where the operator allows it") {
    struct Case {
        std::string_view url;
        bool allowed;
        bool allowed_with_loopback;
    };
    for (const auto& [url, allowed, allowed_with_loopback] : {
             Case{"https://example.com/hook?x=1", true, true},
             Case{"https://example.com:8443", true, true},
             Case{"http://example.com/hook", false, false},
             Case{"ftp://example.com/hook", false, false},
             Case{"example.com/hook", false, false},
             Case{"", false, false},
             Case{"https://", false, false},
             Case{"https://user:word@example.com/", false, false},
             Case{"https://example.com/#part", false, false},
             Case{"https://example.com/\r\nX: y", false, false},
             Case{"https://localhost/hook", false, true},
             Case{"http://localhost:3000/hook", false, true},
             Case{"http://app.localhost:3000/hook", false, true},
             Case{"http://127.0.0.1:3000/hook", false, true},
             Case{"http://127.8.9.1/hook", false, true},
             Case{"http://[::1]:3000/hook", false, true},
             Case{"http://127.example.com/hook", false, false},
             Case{"https://10.0.0.1/hook", false, false},
             Case{"https://169.254.169.254/latest", false, false},
             Case{"https://8.8.8.8/hook", false, false},
             Case{"https://[2001:db8::1]/hook", false, false},
             Case{"https://[::ffff:127.0.0.1]/hook", false, true},
             Case{"http://[::ffff:10.0.0.1]/hook", false, false},
             Case{"https://2130706433/hook", false, false},
             Case{"https://0x7f.1/hook", false, false},
             Case{"https://127.1/hook", false, false},
             Case{"https://intranet/hook", false, false},
             Case{"https://printer.local/hook", false, false},
             Case{"https://metadata.google.internal/hook", false, false},
             Case{"https://localhost./hook", false, false},
         }) {
        CAPTURE(url);
        CHECK(!check_webhook_url(url, outbound::AddressPolicy{}) == allowed);
        CHECK(!check_webhook_url(url, outbound::AddressPolicy{"loopback"}) == allowed_with_loopback);
    }
    CHECK(check_webhook_url("https://example.com/" + std::string(2048, 'x'), outbound::AddressPolicy{}));
}

TEST_CASE("webhook url: networks that the operator allows") {
    const outbound::AddressPolicy policy{"10.2.0.0/16"};
    CHECK_FALSE(check_webhook_url("https://10.2.0.7/hook", policy));
    CHECK_FALSE(check_webhook_url("https://hooks.internal/hook", policy));
    for (const auto* url :
         {"http://10.2.0.7/hook", "https://10.3.0.7/hook", "https://8.8.8.8/hook", "https://localhost/hook", "https://127.0.0.1/hook"}) {
        CAPTURE(url);
        CHECK(check_webhook_url(url, policy));
    }
}
}  // namespace argon::management::branch_auth
