#include "api/client_address.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("S215: client address: a forwarding header counts only behind a trusted proxy") {
    struct Case {
        std::string_view peer;
        std::string_view forwarded;
        std::string_view expected;
    };
    const Case cases[] = {
        {"203.0.113.9", "198.51.100.1", "203.0.113.9"},
        {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
        {"10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"},
        {"10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
        {"10.0.0.1", "junk", "10.0.0.1"},
        {"10.0.0.1", "", "10.0.0.1"},
        {"::ffff:203.0.113.9", "", "203.0.113.9"},
        {"10.0.0.1", "2001:db8::1:2:3", "2001:0db8:0000:0000:0000:0000:0000:0000"},
        {"2001:db8:1:2:3:4:5:6", "", "2001:0db8:0001:0002:0000:0000:0000:0000"},
    };
    const TrustedProxies proxies{"10.0.0.0/8, ::1"};
    for (const auto& [peer, forwarded, expected] : cases) {
        CAPTURE(peer);
        CAPTURE(forwarded);
        http::Request request;
        request.peer = peer;
        if (!forwarded.empty()) request.fields.add("X-Forwarded-For", forwarded);
        CHECK(client_address(request, proxies) == expected);
    }
    CHECK_THROWS_AS(TrustedProxies{"10.0.0.0/8,nonsense"}, std::invalid_argument);
}
}  // namespace argon::api
