#include "mail/templates.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace argon::mail;

namespace {
std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}
constexpr std::string_view codes[] = {"signInCode", "verificationCode", "resetCode", "phoneCode"};
constexpr std::string_view links[] = {"verificationLink",  "resetLink",  "magicLink",     "changeEmailLink",
                                      "deleteAccountLink", "invitation", "teamInvitation"};
}  // namespace

TEST_CASE("mail templates: one code or one link, name and expiry") {
    for (const auto kind : codes) {
        const auto mail = render({.kind = std::string{kind}, .to = "ada@example.com", .code = "493817", .minutes = 10}, "Shop", {});
        for (const auto& body : {mail.text, mail.html}) {
            CHECK(count(body, "493817") == 1);
            CHECK(count(body, "http") == 0);
            CHECK(body.find("10 minutes") != std::string::npos);
            CHECK(body.find("Shop") != std::string::npos);
        }
        CHECK(mail.subject.find("493817") == std::string::npos);
    }
    for (const auto kind : links) {
        const Order order{
            .kind = std::string{kind}, .to = "ada@example.com", .url = "https://a.example/x?a=1&b=2", .minutes = 2880, .detail = "Acme"};
        const auto mail = render(order, "Shop", {});
        CHECK(count(mail.text, "https://a.example/x?a=1&b=2") == 1);
        CHECK(count(mail.html, "https://a.example/x?a=1&amp;b=2") == 1);
        CHECK(count(mail.html, "http") == 1);
        CHECK(mail.text.find("2 days") != std::string::npos);
    }
}

TEST_CASE("S171: mail templates: markup of others stays text") {
    const auto mail =
        render({.kind = "invitation", .to = "a@b.cc", .url = "https://x.example/\"><script>", .detail = "<b>Acme</b>", .actor = "<img src=x>"},
               "<script>alert(1)</script>", {});
    for (const auto part : {"<script", "<img", "<b>"}) CHECK(mail.html.find(part) == std::string::npos);
    CHECK(mail.html.find("&lt;script&gt;alert(1)") != std::string::npos);
    CHECK(mail.text.find("<b>Acme</b>") != std::string::npos);
    const auto team = render({.kind = "teamInvitation", .to = "a@b.cc", .url = "https://x.example/", .detail = "<b>Acme</b>"}, "x", {});
    CHECK(team.html.find("<b>") == std::string::npos);
    CHECK(team.subject == "You are invited to <b>Acme</b>");
}

TEST_CASE("mail templates: a branch's own words") {
    const Override words{.subject = "{{ code }} for {{email}}", .text = "{{nothing}}{{code}}{{", .html = "<i>{{applicationName}}</i>{{code}}"};
    const auto mail = render({.kind = "signInCode", .to = "a@b.cc", .code = "112233"}, "{{code}} & Co", words);
    CHECK(mail.subject == "112233 for a@b.cc");
    CHECK(mail.text == "112233{{");
    CHECK(mail.html == "<i>{{code}} &amp; Co</i>112233");
    CHECK_THROWS_AS(render({.kind = "other"}, "x", {}), std::invalid_argument);
}
