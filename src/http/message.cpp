#include "http/message.hpp"

#include <algorithm>

namespace argon::http {
namespace {
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr std::string_view method_names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};
}  // namespace

std::string_view to_text(Method method) { return method_names[static_cast<int>(method)]; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    const auto found = std::ranges::find_if(list_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    if (found == list_.end()) return {};
    return found->second;
}

std::size_t Fields::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(list_, [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
}

void Response::set(std::string_view name, std::string value) {
    const auto found = std::ranges::find_if(fields, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    if (found != fields.end()) {
        found->second = std::move(value);
        return;
    }
    add(name, std::move(value));
}

const std::string* Response::find(std::string_view name) const {
    const auto found = std::ranges::find_if(fields, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    return found == fields.end() ? nullptr : &found->second;
}

Response Response::text(int status, std::string_view type, std::string body) {
    Response response{.status = status, .body = std::move(body)};
    response.add("Content-Type", std::string{type});
    return response;
}

Response Response::redirect(std::string location) {
    Response response{.status = 302};
    response.add("Location", std::move(location));
    return response;
}
}  // namespace argon::http
