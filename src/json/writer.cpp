#include "json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace argon::json {
namespace {
constexpr std::string_view hex = "0123456789abcdef";

/// JavaScript's Number::toString uses an exponent from 1e21 and below 1e-6 only.
std::string number_text(double number) {
    std::array<char, 400> buffer;
    const double magnitude = std::fabs(number);
    const bool plain = magnitude == 0 || (magnitude < 1e21 && magnitude >= 1e-6);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr;
    return {buffer.data(), end};
}
}  // namespace

void Writer::separate() {
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
}

void Writer::open(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
}

void Writer::close(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
}

void Writer::raw(std::string_view text) {
    separate();
    text_ += text;
}

void Writer::key(std::string_view name) {
    value(name);
    text_ += ':';
    needs_comma_ = false;
}

void Writer::value(std::string_view text) {
    separate();
    text_ += '"';
    std::size_t clean = 0;  // start of the run that needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        text_.append(text, clean, i - clean);
        clean = i + 1;
        switch (byte) {
            case '"': text_ += "\\\""; break;
            case '\\': text_ += "\\\\"; break;
            case '\n': text_ += "\\n"; break;
            case '\r': text_ += "\\r"; break;
            case '\t': text_ += "\\t"; break;
            case '\b': text_ += "\\b"; break;
            case '\f': text_ += "\\f"; break;
            default:
                text_ += "\\u00";
                text_ += hex[byte >> 4];
                text_ += hex[byte & 15];
        }
    }
    text_.append(text, clean, text.size() - clean);
    text_ += '"';
}

void Writer::value(std::int64_t number) {
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    raw({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

void Writer::value(double number) {
    if (!std::isfinite(number)) return raw("null");
    raw(number_text(number));
}

void Writer::value(const Value& parsed) {
    switch (parsed.kind()) {
        case boost::json::kind::null: return value(nullptr);
        case boost::json::kind::bool_: return value(parsed.get_bool());
        case boost::json::kind::int64: return value(parsed.get_int64());
        case boost::json::kind::uint64: return value(static_cast<double>(parsed.get_uint64()));
        case boost::json::kind::double_: return value(parsed.get_double());
        case boost::json::kind::string: return value(std::string_view{parsed.get_string()});
        case boost::json::kind::array:
            begin_array();
            for (const auto& item : parsed.get_array()) value(item);
            return end_array();
        case boost::json::kind::object:
            begin_object();
            for (const auto& member : parsed.get_object()) {
                key(std::string_view{member.key()});
                value(member.value());
            }
            return end_object();
    }
}
}  // namespace argon::json
