#include "api/value_checks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace argon::api {
namespace {
constexpr std::size_t most_annotations = 50;
constexpr std::size_t longest_annotation = 1024;
constexpr std::chrono::days longest_life{30};
}  // namespace

std::optional<std::string> AnnotationCheck::operator()(const json::Object& object) const {
    const auto is_text = [](const auto& member) {
        const auto* text = member.value().if_string();
        // PostgreSQL's jsonb cannot hold NUL.
        return text && text->size() <= longest_annotation && text->find('\0') == text->npos && member.key().size() <= longest_annotation &&
               member.key().find('\0') == member.key().npos;
    };
    if (object.size() > most_annotations) return "Too big: expected at most 50 members";
    if (std::ranges::all_of(object, is_text)) return {};
    return "Invalid input: expected an object of strings of at most 1024 bytes";
}

std::optional<std::string> TimeCheck::operator()(std::string_view text) const {
    if (parse_time(text)) return {};
    return "Invalid input: expected a time such as 2026-01-31T09:05:07Z";
}

std::optional<std::string> ComputeUnitsCheck::operator()(double units) const {
    if (units >= 0.25) return {};
    return "Too small: expected number to be >=0.25";
}

Result<TimePoint> parse_expiry(std::string_view member, const std::string& text, TimePoint now) {
    const auto time = parse_time(text);
    if (time && *time > now && *time <= now + longest_life) return *time;
    return refuse_with({400, "", ""}, fmt::format("invalid request: {} must be a time within the next 30 days", member));
}
}  // namespace argon::api
