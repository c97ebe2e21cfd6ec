#include "management/projects/project_view.hpp"

namespace argon::management::projects {

std::string shown_settings(const std::string& stored) {
    auto parsed = json::parse(stored);
    if (!parsed || !parsed->is_object()) return stored;
    auto& settings = parsed->get_object();
    auto& allowed = settings["allowed_ips"];
    if (!allowed.is_object()) allowed = json::Object{};
    auto& members = allowed.get_object();
    if (!members.contains("ips")) members["ips"] = json::Array{};
    if (!members.contains("protected_branches_only")) members["protected_branches_only"] = false;
    return json::to_text(*parsed);
}

ProjectView make_project_view(branches::Project project, branches::Owner owner, TimePoint now) {
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
    const auto month = today.year() / today.month();
    const auto first_of = [](std::chrono::year_month of) { return TimePoint{std::chrono::sys_days{of / std::chrono::day{1}}}; };
    return {std::move(project), {std::move(owner)}, first_of(month), first_of(month + std::chrono::months{1})};
}
}  // namespace argon::management::projects
