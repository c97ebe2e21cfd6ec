#include "mail/message.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

using namespace argon::mail;

TEST_CASE("S168: mail: nothing adds a header") {
    const Message message{.id = "0b7e",
                          .from = {"auth@example.com", "Shop\r\nBcc: all@example.com"},
                          .to = "ada@example.com",
                          .subject = "Hello\r\nBcc: eve@example.com\r\n\r\nbody",
                          .text = "text\n.\n..\nend",
                          .html = "<p>x</p>",
                          .date = argon::TimePoint{}};
    const auto mail = compose(message);
    const auto head = mail.substr(0, mail.find("\r\n\r\n"));
    CHECK(head.find("\r\nBcc") == std::string::npos);
    CHECK(head.find("Subject: Hello  Bcc: eve@example.com    body\r\n") != std::string::npos);
    CHECK(head.find("From: \"Shop  Bcc: all@example.com\" <auth@example.com>\r\n") != std::string::npos);
    CHECK(head.find("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n") != std::string::npos);
    // No bare line feed, and no line that an SMTP server could take for the end of the mail.
    for (std::size_t at = mail.find('\n'); at != std::string::npos; at = mail.find('\n', at + 1)) CHECK(mail[at - 1] == '\r');
    CHECK(mail.find("\r\n.") == std::string::npos);
}

TEST_CASE("mail: header texts") {
    CHECK(encode_header_text("Your code") == "Your code");
    CHECK(encode_header_text("  a\tb\n ") == "a b");
    CHECK(encode_header_text("Grüße") == "=?utf-8?B?R3LDvMOfZQ==?=");
    CHECK(encode_header_text("=?utf-8?Q?x?=").starts_with("=?utf-8?B?"));
    // Long ones are cut between characters into words of at most 75.
    std::string hearts;
    for (int i = 0; i < 60; ++i) hearts += "❤";
    const auto encoded = encode_header_text(hearts);
    std::string decoded;
    for (std::size_t at = 0; at < encoded.size();) {
        const auto end = std::min(encoded.find(' ', at), encoded.size());
        CHECK(end - at <= 75);
        const auto piece = argon::crypto::base64_decode(encoded.substr(at + 10, end - at - 12));
        REQUIRE(piece);
        CHECK(piece->size() % 3 == 0);
        decoded += *piece;
        at = end + 1;
    }
    CHECK(decoded == hearts);
    CHECK(encode_mailbox({"a@b.cc", R"(Ada "the" \first)"}) == R"("Ada \"the\" \\first" <a@b.cc>)");
    CHECK(encode_mailbox({"a@b.cc", ""}) == "<a@b.cc>");
}

TEST_CASE("mail: quoted-printable") {
    CHECK(quoted_printable("a=b") == "a=3Db");
    CHECK(quoted_printable("ü") == "=C3=BC");
    CHECK(quoted_printable("end \nnext\t") == "end=20\r\nnext=09");
    CHECK(quoted_printable(".\n.x") == "=2E\r\n=2Ex");
    CHECK(quoted_printable("a\r\nb\nc") == "a\r\nb\r\nc");
    const auto longer = quoted_printable(std::string(200, 'x') + "=");
    for (std::size_t at = 0; at < longer.size();) {
        const auto end = std::min(longer.find("\r\n", at), longer.size());
        CHECK(end - at <= 76);
        at = end + 2;
    }
}

TEST_CASE("mail: addresses") {
    CHECK(is_plain_address("ada@example.com"));
    CHECK(is_plain_address("a+b.c@x.example"));
    for (const auto bad : {"", "@", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b>", "<a@b", "a@b@c", "a@b,c@d", "ä@b.c", "\"a\"@b.c", "a@b\n"}) {
        CHECK_FALSE_MESSAGE(is_plain_address(bad), bad);
    }
}
