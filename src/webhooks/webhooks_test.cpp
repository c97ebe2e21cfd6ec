#include <doctest/doctest.h>

#include "crypto/encoding.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/event.hpp"

using namespace argon;
using namespace argon::webhooks;

TEST_CASE("S162: webhooks: the signature covers time and body") {
    const auto key = *crypto::Ed25519Key::from_seed(std::string(32, '\x07'));
    const auto jws = sign(key, "key-1", "1700000000123", R"({"a":1})");
    const auto gap = jws.find("..");
    REQUIRE(gap != std::string::npos);
    const auto header = jws.substr(0, gap);
    CHECK(crypto::base64url_decode(header) == R"({"alg":"EdDSA","typ":"JWS","kid":"key-1"})");
    const auto signature = crypto::base64url_decode(jws.substr(gap + 2));
    REQUIRE(signature);
    const auto input = [&](std::string_view time, std::string_view body) {
        return header + "." + crypto::base64url_encode(std::string{time} + "." + crypto::base64url_encode(body));
    };
    CHECK(crypto::Ed25519Key::verify(key.public_key(), input("1700000000123", R"({"a":1})"), *signature));
    CHECK_FALSE(crypto::Ed25519Key::verify(key.public_key(), input("1700000000124", R"({"a":1})"), *signature));
    CHECK_FALSE(crypto::Ed25519Key::verify(key.public_key(), input("1700000000123", R"({"a":2})"), *signature));
}

TEST_CASE("S158, S165: webhooks: URLs a branch may not have") {
    const outbound::AddressPolicy strict;
    CHECK_FALSE(check_url("https://hooks.example.com/x?y=1", strict));
    for (const auto url :
         {"http://hooks.example.com/", "ftp://a.example/", "https://localhost/", "https://127.0.0.1/", "https://10.0.0.1/x", "https://[::1]/",
          "https://169.254.169.254/latest", "https://1.1.1.1/", "https://user:pw@a.example/", "https://a.example/\r\nX: y", "https://app.localhost/",
          "javascript:alert(1)", "//a.example", "", "https://2130706433/", "https://0x7f.1/"}) {
        CHECK_MESSAGE(check_url(url, strict), url);
    }
    CHECK(check_url("https://a.example/" + std::string(3000, 'x'), strict));

    const outbound::AddressPolicy dev{"loopback"};
    for (const auto url : {"http://localhost:3000/hook", "http://127.0.0.1:3000/", "https://localhost/"})
        CHECK_FALSE_MESSAGE(check_url(url, dev), url);
    for (const auto url : {"http://hooks.example.com/", "http://10.0.0.1/", "https://10.0.0.1/"}) CHECK_MESSAGE(check_url(url, dev), url);
}

TEST_CASE("webhooks: the envelope leaves out what is not known") {
    const Envelope envelope{.event_id = "e",
                            .event_type = "user.created",
                            .timestamp = TimePoint{},
                            .context = {"ep", "Shop"},
                            .user = {.email = "a@b.cc"},
                            .event_data = {.auth_provider = "credential"}};
    CHECK(
        json::encode(envelope) ==
        R"({"event_id":"e","event_type":"user.created","timestamp":"1970-01-01T00:00:00.000Z","context":{"endpoint_id":"ep","project_name":"Shop"},)"
        R"("user":{"email":"a@b.cc"},"event_data":{"auth_provider":"credential"}})");
}
