// A branch's own words for its mails, as requests bring them.
#pragma once

#include <string>

#include <fmt/format.h>

#include "identity/delivery_settings.hpp"
#include "mail/templates.hpp"

namespace argon::management::branch_auth {

/// Walks over the mails by the one list of their fields, and collects what mail::check_words has to say.
class MailWordsCheck {
public:
    explicit MailWordsCheck(std::string path) : path_(std::move(path)) {}

    void optional(std::string_view kind, const identity::MailTemplate& own) {
        check(kind, "subject", own.subject);
        check(kind, "text", own.text);
        check(kind, "html", own.html);
    }
    const std::string& issues() const { return issues_; }

private:
    void check(std::string_view kind, std::string_view part, const std::optional<std::string>& words) {
        const auto complaint = words ? mail::check_words(kind, part, *words) : std::nullopt;
        if (complaint) issues_ += fmt::format("{}[{}.{}.{}] {}", issues_.empty() ? "" : "; ", path_, kind, part, *complaint);
    }

    std::string path_;
    std::string issues_;
};

/// Empty when all is well.
inline std::string check_mail_words(const identity::MailTemplates& templates, std::string path) {
    MailWordsCheck check{std::move(path)};
    identity::MailTemplates::fields(check, templates);
    return check.issues();
}
}  // namespace argon::management::branch_auth
