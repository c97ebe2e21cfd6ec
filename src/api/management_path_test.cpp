#include "api/management_path.hpp"

#include <doctest/doctest.h>

namespace argon::api {

TEST_CASE("management path: templates match segment by segment") {
    struct Case {
        std::string_view path_template;
        std::string_view path;
        bool matches;
    };
    for (const auto& [path_template, path, matches] :
         {Case{"/projects", "/projects", true}, Case{"/projects", "/projects/", false}, Case{"/projects", "/project", false},
          Case{"/projects/{project_id}", "/projects/a-1", true}, Case{"/projects/{project_id}", "/projects", false},
          Case{"/projects/{project_id}", "/projects/a/b", false}, Case{"/projects/{project_id}", "/projects/", false},
          Case{"/projects/{project_id}/branches", "/projects//branches", false}, Case{"/projects", "", false},
          Case{"/projects", "projects", false}}) {
        CAPTURE(path);
        CHECK(match_path(path_template, path).has_value() == matches);
    }
}

TEST_CASE("management path: parameters are decoded once and checked by kind") {
    const auto check = [](std::string name, std::string text) { return check_parameters({{name, text}}); };
    CHECK(check("project_id", "solitary-cell-58208823"));
    CHECK_FALSE(check("project_id", ""));
    CHECK_FALSE(check("project_id", "Upper"));
    CHECK_FALSE(check("project_id", "a%2Fb"));
    CHECK_FALSE(check("project_id", "a%00"));
    CHECK_FALSE(check("project_id", std::string(61, 'a')));
    CHECK(check("database_name", "my%20db")->at("database_name") == "my db");
    CHECK(check("database_name", "a%252Fb")->at("database_name") == "a%2Fb");
    CHECK(check("role_name", std::string(63, 'x')));
    CHECK_FALSE(check("role_name", std::string(64, 'x')));
    CHECK_FALSE(check("role_name", "%00"));
    CHECK_FALSE(check("role_name", "%FF"));
    CHECK_FALSE(check("role_name", "100%"));
}
}  // namespace argon::api
