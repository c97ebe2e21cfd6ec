#include "mail/message.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "crypto/encoding.hpp"

namespace argon::mail {
namespace {
constexpr std::size_t max_encoded_bytes = 42;  // 56 characters of base64, 68 with the frame of an encoded word
constexpr std::size_t max_header_text = 400;
constexpr std::size_t max_line = 76;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// At most `limit` bytes from the front, never half a character.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text.size();
    while (limit > 0 && continues_character(text[limit])) --limit;
    return limit;
}

/// What a person may read in a header line: one line, of bounded length.
std::string tame(std::string_view text) {
    std::string tamed{text.substr(0, whole_characters(text, max_header_text))};
    std::ranges::replace_if(tamed, is_control, ' ');
    const auto first = tamed.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return tamed.substr(first, tamed.find_last_not_of(' ') - first + 1);
}

/// Folds at blanks, so that no header line exceeds its length. A single long word stays whole: it is legal up to 998.
std::string fold(std::string_view words, std::size_t column) {
    std::string folded;
    while (!words.empty()) {
        const auto blank = words.find(' ', 1);
        const auto word = words.substr(0, blank);
        if (!folded.empty() && column + word.size() > max_line) {
            folded += "\r\n";
            column = 0;
        }
        folded += word;
        column += word.size();
        words = blank == words.npos ? std::string_view{} : words.substr(blank);
    }
    return folded;
}

std::string date_header(TimePoint time) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

std::string part(std::string_view boundary, std::string_view type, std::string_view body) {
    return fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n", boundary, type,
                       quoted_printable(body));
}

std::string_view domain_of(std::string_view address) { return address.substr(address.rfind('@') + 1); }
}  // namespace

std::string encode_header_text(std::string_view text) {
    const auto tamed = tame(text);
    // "=?" would be read as an encoded word that we did not write.
    if (is_ascii(tamed) && tamed.find("=?") == std::string::npos) return tamed;
    std::string encoded;
    for (std::string_view rest{tamed}; !rest.empty();) {
        const auto count = whole_characters(rest, max_encoded_bytes);
        if (!encoded.empty()) encoded += ' ';
        encoded += "=?utf-8?B?" + crypto::base64_encode(rest.substr(0, count)) + "?=";
        rest.remove_prefix(count);
    }
    return encoded;
}

std::string encode_mailbox(const Sender& sender) {
    const auto name = tame(sender.name);
    if (name.empty()) return "<" + sender.address + ">";
    if (!is_ascii(name)) return encode_header_text(name) + " <" + sender.address + ">";
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\" <" + sender.address + ">";
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    const auto put = [&](std::string_view piece) {
        if (column + piece.size() > max_line - 1) {  // one column for the soft break
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r') continue;
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
        const bool is_blank = c == ' ' || c == '\t';
        const bool plain = (c > 0x20 && c < 0x7f && c != '=') || (is_blank && !ends_line);
        // A dot that begins a line is SMTP's business; encoded, it is nobody's.
        if (plain && !(c == '.' && column == 0)) {
            put({&c, 1});
        } else {
            put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
        }
    }
    return out;
}

bool is_plain_address(std::string_view address) {
    constexpr std::string_view forbidden = "<>()[],;:\\\"";
    const auto at = address.find('@');
    if (at == address.npos || at == 0 || at + 1 == address.size() || address.size() > 254) return false;
    if (address.find('@', at + 1) != address.npos) return false;
    return std::ranges::all_of(address, [&](char c) { return c > 0x20 && c < 0x7f && forbidden.find(c) == forbidden.npos; });
}

std::string compose(const Message& message) {
    const auto boundary = "=_" + message.id;  // "=_" occurs in no quoted-printable text
    std::string out;
    const auto header = [&](std::string_view name, const std::string& value) {
        out += fmt::format("{}: {}\r\n", name, fold(value, name.size() + 2));
    };
    header("Date", date_header(message.date));
    header("From", encode_mailbox(message.from));
    header("To", "<" + message.to + ">");
    header("Subject", encode_header_text(message.subject));
    header("Message-ID", fmt::format("<{}@{}>", message.id, domain_of(message.from.address)));
    header("Auto-Submitted", "auto-generated");
    header("X-Auto-Response-Suppress", "All");
    header("MIME-Version", "1.0");
    header("Content-Type", fmt::format("multipart/alternative; boundary=\"{}\"", boundary));
    out += "\r\n";
    out += part(boundary, "text/plain", message.text);
    out += part(boundary, "text/html", message.html);
    out += fmt::format("--{}--\r\n", boundary);
    return out;
}
}  // namespace argon::mail
