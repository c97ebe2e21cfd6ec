#include "mail/sender.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace argon::mail;
using argon::outbound::Encryption;

TEST_CASE("mail server: the operator's URL") {
    const auto server = parse_server("smtp://user%40x:p%3Aw@mail.example.com:2525", "Shop <auth@example.com>", false);
    CHECK(server.host == "mail.example.com");
    CHECK(server.port == 2525);
    CHECK(server.username == "user@x");
    CHECK(server.password.reveal() == "p:w");
    CHECK(server.encryption == Encryption::starttls);
    CHECK(server.from.address == "auth@example.com");
    CHECK(server.from.name == "Shop");

    CHECK(parse_server("smtps://mail.example.com", "a@b.cc", false).port == 465);
    CHECK(parse_server("smtps://mail.example.com", "a@b.cc", false).encryption == Encryption::implicit);
    CHECK(parse_server("smtp://[::1]:25", "a@b.cc", true).host == "[::1]");
    for (const auto bad : {"http://x", "smtp://", "smtp://host:0", "smtp://host:x", "smtp://a b", "smtp://u%zz@h"}) {
        CHECK_THROWS_AS(parse_server(bad, "a@b.cc", false), std::invalid_argument);
    }
    CHECK_THROWS_AS(parse_server("smtp://h", "nobody", false), std::invalid_argument);
}

TEST_CASE("mail server: only the own machine may go without encryption") {
    CHECK(choose_encryption("", "127.0.0.1", 25, true) == Encryption::opportunistic);
    CHECK(choose_encryption("", "localhost", 1025, true) == Encryption::opportunistic);
    CHECK(choose_encryption("", "localhost", 1025, false) == Encryption::starttls);
    CHECK(choose_encryption("", "mail.example.com", 25, true) == Encryption::starttls);
    CHECK(choose_encryption("", "10.0.0.1", 25, true) == Encryption::starttls);
    CHECK(choose_encryption("", "mail.example.com", 465, false) == Encryption::implicit);
    CHECK(choose_encryption("starttls", "127.0.0.1", 25, true) == Encryption::starttls);
}
