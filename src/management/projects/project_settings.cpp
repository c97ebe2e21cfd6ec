#include "management/projects/project_settings.hpp"

#include <algorithm>

namespace argon::management::projects {

std::optional<std::string> TextMembersCheck::operator()(const json::Object& object) const {
    // PostgreSQL's jsonb cannot hold NUL.
    const auto is_text = [](const auto& member) {
        const auto* text = member.value().if_string();
        return text && text->find('\0') == text->npos && member.key().find('\0') == member.key().npos;
    };
    if (std::ranges::all_of(object, is_text)) return {};
    return "Invalid input: expected an object of strings";
}

std::optional<std::string> ComputeUnitsCheck::operator()(double units) const {
    if (units >= 0.25) return {};
    return "Too small: expected number to be >=0.25";
}
}  // namespace argon::management::projects
