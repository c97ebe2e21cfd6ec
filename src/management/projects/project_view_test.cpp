#include "management/projects/project_view.hpp"

#include <doctest/doctest.h>

namespace argon::management::projects {

TEST_CASE("project view: the consumption period is the month of the moment") {
    struct Case {
        const char* now;
        const char* start;
        const char* end;
    };
    for (const auto& [now, start, end] : {Case{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
                                          Case{"2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
                                          Case{"2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"}}) {
        const auto time = parse_time(now);
        REQUIRE(time);
        const auto view = make_project_view({}, {}, *time);
        CHECK(to_rfc3339(view.period_start) == start);
        CHECK(to_rfc3339(view.period_end) == end);
    }
}

TEST_CASE("project view: settings always have an allow list") {
    CHECK(shown_settings("{}") == R"({"allowed_ips":{"ips":[],"protected_branches_only":false}})");
    CHECK(shown_settings(R"({"allowed_ips":{}})") == R"({"allowed_ips":{"ips":[],"protected_branches_only":false}})");
    const std::string whole = R"({"hipaa":false,"allowed_ips":{"ips":["10.0.0.0/8"],"protected_branches_only":true}})";
    CHECK(shown_settings(whole) == whole);
}
}  // namespace argon::management::projects
