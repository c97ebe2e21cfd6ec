#include "management/projects/project_view.hpp"

namespace argon::management::projects {

ProjectView make_project_view(branches::Project project, branches::Owner owner, TimePoint now) {
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
    const auto month = today.year() / today.month();
    const auto first_of = [](std::chrono::year_month of) { return TimePoint{std::chrono::sys_days{of / std::chrono::day{1}}}; };
    return {std::move(project), {std::move(owner)}, first_of(month), first_of(month + std::chrono::months{1})};
}
}  // namespace argon::management::projects
