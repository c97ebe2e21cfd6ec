#include "outbound/addresses.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace argon::outbound;

namespace {
Address address(std::string_view text) {
    Address bytes{};
    REQUIRE_MESSAGE(parse_address(text, bytes), text);
    return bytes;
}
}  // namespace

TEST_CASE("addresses: only the open Internet is global") {
    for (const auto text : {"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808",
                            "::ffff:8.8.8.8", "2002:0808:0808::1"}) {
        CHECK_MESSAGE(classify(address(text)) == AddressKind::global, text);
    }
}

TEST_CASE("S158: addresses: loopback in every dress") {
    for (const auto text : {"127.0.0.1", "127.255.255.254", "::1", "[::1]", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::127.0.0.1",
                            "2002:7f00:1::", "::ffff:0:127.0.0.1"}) {
        CHECK_MESSAGE(classify(address(text)) == AddressKind::loopback, text);
    }
}

TEST_CASE("S158: addresses: the inside of networks") {
    for (const auto text : {"0.0.0.0",
                            "10.0.0.1",
                            "100.64.0.1",
                            "100.127.255.255",
                            "169.254.169.254",
                            "172.16.0.1",
                            "172.31.255.255",
                            "192.0.0.170",
                            "192.168.1.1",
                            "198.18.0.1",
                            "198.19.255.255",
                            "224.0.0.1",
                            "239.1.1.1",
                            "255.255.255.255",
                            "240.0.0.1",
                            "::",
                            "fe80::1",
                            "fd00::1",
                            "fc00::1",
                            "ff02::1",
                            "fec0::1",
                            "64:ff9b::a9fe:a9fe",
                            "::ffff:10.0.0.1",
                            "2002:a00:1::1",
                            "2001:db8::1",
                            "2001::1",
                            "100::1",
                            "64:ff9b:1::1",
                            "::ffff:0:10.0.0.1",
                            "203.0.113.9"}) {
        CHECK_MESSAGE(classify(address(text)) == AddressKind::internal, text);
    }
}

TEST_CASE("addresses: what a policy lets through") {
    const AddressPolicy strict;
    CHECK(strict.allows(address("1.1.1.1")));
    CHECK_FALSE(strict.allows(address("127.0.0.1")));
    CHECK_FALSE(strict.allows(address("10.0.0.1")));

    const AddressPolicy dev{"loopback"};
    CHECK(dev.allows(address("127.0.0.1")));
    CHECK(dev.allows(address("::ffff:127.0.0.1")));
    CHECK_FALSE(dev.allows(address("169.254.169.254")));

    const AddressPolicy listed{"10.2.0.0/16, fd00:1::/32"};
    CHECK(listed.allows(address("10.2.3.4")));
    CHECK(listed.allows(address("::ffff:10.2.3.4")));
    CHECK(listed.allows(address("fd00:1::5")));
    CHECK_FALSE(listed.allows(address("10.3.0.1")));
    CHECK_FALSE(listed.allows(address("fd00:2::5")));
    CHECK(AddressPolicy{"private"}.allows(address("192.168.0.1")));

    for (const auto bad : {"10.0.0.0/33", "nonsense", "10.0.0.0/x", "fd00::/129", "127.1"})
        CHECK_THROWS_AS(AddressPolicy{bad}, std::invalid_argument);
}
