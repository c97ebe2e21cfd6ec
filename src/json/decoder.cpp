#include "json/decoder.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace argon::json {
namespace {
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_local_char(char c) { return is_letter(c) || is_digit(c) || std::string_view{"_'+-."}.find(c) != std::string_view::npos; }

bool is_domain_label(std::string_view label) {
    if (label.empty() || !(is_letter(label.front()) || is_digit(label.front()))) return false;
    return std::ranges::all_of(label, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

/// At most 64 bytes, not ending within a character.
std::string_view shortened(std::string_view text) {
    std::size_t size = std::min<std::size_t>(text.size(), 64);
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    return text.substr(0, size);
}

/// Labels of letters, digits and hyphens; the last of two letters or more.
bool is_domain(std::string_view domain) {
    const auto last_dot = domain.rfind('.');
    if (last_dot == std::string_view::npos) return false;
    const auto top = domain.substr(last_dot + 1);
    if (top.size() < 2 || !std::ranges::all_of(top, is_letter)) return false;
    for (std::size_t start = 0; start < last_dot;) {
        const auto end = std::min(domain.find('.', start), last_dot);
        if (!is_domain_label(domain.substr(start, end - start))) return false;
        start = end + 1;
    }
    return last_dot > 0 && domain[last_dot - 1] != '.';
}
}  // namespace

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > 254 || at == std::string_view::npos || at == 0) return false;
    const auto local = text.substr(0, at);
    if (local.front() == '.' || local.find("..") != std::string_view::npos || !std::ranges::all_of(local, is_local_char)) return false;
    const char last = local.back();
    if (!(is_letter(last) || is_digit(last) || std::string_view{"_+-"}.find(last) != std::string_view::npos)) return false;
    return is_domain(text.substr(at + 1));
}

std::size_t utf16_length(std::string_view utf8) {
    std::size_t units = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

std::optional<std::string> EmailCheck::operator()(std::string_view text) const {
    if (is_email(text)) return {};
    return "Invalid email address";
}

std::optional<std::string> min_length::operator()(std::string_view text) const {
    if (utf16_length(text) >= characters) return {};
    return fmt::format("Too small: expected string to have >={} characters", characters);
}

std::optional<std::string> min_length::of_list(std::size_t items) const {
    if (items >= characters) return {};
    return fmt::format("Too small: expected array to have >={} items", characters);
}

std::optional<std::string> max_length::operator()(std::string_view text) const {
    if (utf16_length(text) <= characters) return {};
    return fmt::format("Too big: expected string to have <={} characters", characters);
}

std::optional<std::string> range::operator()(std::int64_t number) const {
    if (number < low) return fmt::format("Too small: expected number to be >={}", low);
    if (number > high) return fmt::format("Too big: expected number to be <={}", high);
    return {};
}

std::optional<std::string> one_of::operator()(std::string_view text) const {
    if (std::ranges::find(options, text) != options.end()) return {};
    std::string list;
    for (const auto option : options) list += fmt::format("{}\"{}\"", list.empty() ? "" : "|", option);
    return fmt::format("Invalid option: expected one of {}", list);
}

void EmailCheck::describe(Object& schema) const { schema["format"] = "email"; }

void min_length::describe(Object& schema) const { schema["minLength"] = characters; }

void max_length::describe(Object& schema) const { schema["maxLength"] = characters; }

void range::describe(Object& schema) const {
    schema["minimum"] = low;
    schema["maximum"] = high;
}

void one_of::describe(Object& schema) const { schema["enum"] = Array(options.begin(), options.end()); }

const Value* Decoder::member(std::string_view name) {
    known_.emplace_back(name);
    return object_.if_contains({name.data(), name.size()});
}

void Decoder::finish() {
    if (!strict_) return;
    for (const auto& member : object_) {
        const std::string_view key{member.key()};
        if (std::ranges::find(known_, key) == known_.end()) complain(shortened(key), "Unrecognized field");
    }
}

void Decoder::complain(std::string_view name, std::string_view text) { issues_.push_back(fmt::format("[{}.{}] {}", path_, name, text)); }

void Decoder::mismatch(const Value* value, std::string_view name, std::string_view expected) {
    complain(name, fmt::format("Invalid input: expected {}, received {}", expected, type_name(value)));
}

bool Decoder::read_value(const Value* value, std::string_view name, std::string& target) {
    const auto* text = value ? value->if_string() : nullptr;
    if (!text) return mismatch(value, name, "string"), false;
    // PostgreSQL's text cannot hold NUL: said here, where the field is known, rather than as a failed query.
    if (text->find('\0') != boost::json::string::npos) return complain(name, "Invalid input: text must not contain NUL characters"), false;
    target.assign(text->data(), text->size());
    return true;
}

bool Decoder::read_value(const Value* value, std::string_view name, bool& target) {
    const auto* flag = value ? value->if_bool() : nullptr;
    if (!flag) return mismatch(value, name, "boolean"), false;
    target = *flag;
    return true;
}

bool Decoder::read_value(const Value* value, std::string_view name, double& target) {
    if (!value || !value->is_number()) return mismatch(value, name, "number"), false;
    target = value->to_number<double>();
    if (!std::isfinite(target)) return complain(name, "Invalid input: number is out of range"), false;
    return true;
}

bool Decoder::read_value(const Value* value, std::string_view name, std::int64_t& target) {
    double number = 0;
    if (!read_value(value, name, number)) return false;
    if (number != std::floor(number)) return complain(name, "Invalid input: expected int, received number"), false;
    if (std::fabs(number) > 9007199254740991.0) return complain(name, "Invalid input: number is out of range"), false;
    target = static_cast<std::int64_t>(number);
    return true;
}

bool Decoder::read_value(const Value* value, std::string_view name, Value& target) {
    if (!value) return mismatch(value, name, "nonoptional"), false;
    target = *value;
    return true;
}

bool Decoder::read_value(const Value* value, std::string_view name, Object& target) {
    const auto* object = value ? value->if_object() : nullptr;
    if (!object) return mismatch(value, name, "record"), false;
    target = *object;
    return true;
}
}  // namespace argon::json
