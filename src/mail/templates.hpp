// The words of every mail. A mail carries one code or one link; a link that signs in may have a code beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mail/outbox.hpp"

namespace argon::mail {

/// A branch's own words; what is absent is ours.
struct Override {
    std::optional<std::string> subject;
    std::optional<std::string> text;
    std::optional<std::string> html;
};

struct Rendered {
    std::string subject;
    std::string text;
    std::string html;
};

/// Variables of an override: {{applicationName}}, {{code}}, {{url}}, {{email}}, {{expiresIn}} ("10 minutes"),
/// {{detail}}, {{actor}}.
/// Unknown ones become nothing. Throws std::invalid_argument for an unknown kind of mail.
Rendered render(const Order& order, std::string_view application_name, const Override& words);

/// What an override of this part of a mail lacks or has too much of, for whoever writes it: a variable that does not exist, or no place for
/// the code or link. `part` is subject, text or html.
std::optional<std::string> check_words(std::string_view kind, std::string_view part, std::string_view words);

/// Whether there is such a mail.
bool is_kind(std::string_view kind);

/// The mail of the management API's test button.
Rendered render_test(std::string_view application_name);

}  // namespace argon::mail
