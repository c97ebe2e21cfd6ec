// One mail as the wire carries it (RFC 5322, MIME): plain text and HTML side by side. Nothing that comes from outside can add a
// header: control characters never get into one.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace argon::mail {

struct Sender {
    std::string address;
    std::string name;
};

struct Message {
    std::string id;  ///< of the event; the same at every attempt, so that a receiver can tell a repetition
    Sender from;
    std::string to;
    std::string subject;
    std::string text;
    std::string html;
    TimePoint date;
};

/// Lines end in CRLF; no line is longer than 76 characters, whatever the templates hold.
std::string compose(const Message& message);

/// RFC 2047: text as it is when it is plain ASCII, else encoded words of base64. Control characters become blanks.
std::string encode_header_text(std::string_view text);
/// `"Name" <address>` or `<address>`.
std::string encode_mailbox(const Sender& sender);
/// RFC 2045, section 6.7.
std::string quoted_printable(std::string_view text);
/// One mailbox, ASCII, with nothing in it that a mail command or header could trip over.
bool is_plain_address(std::string_view address);
}  // namespace argon::mail
