#include "api/value_checks.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace argon::api {
namespace {
constexpr std::size_t most_annotations = 50;
constexpr std::size_t longest_annotation = 1024;
constexpr std::chrono::days longest_life{30};
constexpr double most_compute_units = 1e6;
constexpr std::size_t longest_label = 60;
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

std::optional<std::string> LabelCheck::operator()(std::string_view text) const {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (!text.empty() && text.size() <= longest_label && std::ranges::all_of(text, allowed)) return {};
    return "Invalid input: expected at most 60 lower-case letters, digits and dashes";
}

void LabelCheck::describe(json::Object& schema) const { schema["pattern"] = "^[a-z0-9-]{1,60}$"; }

Result<branches::ComputeLimits> parse_compute_limits(std::string_view place, std::optional<double> minimum, std::optional<double> maximum) {
    if (minimum && maximum && *minimum > *maximum) {
        return refuse_with({400, "", ""},
                           fmt::format("invalid request: {}.autoscaling_limit_min_cu must not be greater than autoscaling_limit_max_cu", place));
    }
    const auto to_millis = [](std::optional<double> units) -> std::optional<int> {
        if (!units) return {};
        return static_cast<int>(std::lround(std::min(*units, most_compute_units) * 1000));
    };
    return branches::ComputeLimits{to_millis(minimum), to_millis(maximum)};
}

Result<TimePoint> parse_expiry(std::string_view member, const std::string& text, TimePoint now) {
    const auto time = parse_time(text);
    if (time && *time > now && *time <= now + longest_life) return *time;
    return refuse_with({400, "", ""}, fmt::format("invalid request: {} must be a time within the next 30 days", member));
}
}  // namespace argon::api
