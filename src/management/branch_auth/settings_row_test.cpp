#include "management/branch_auth/settings_row.hpp"

#include <doctest/doctest.h>

namespace argon::management::branch_auth {
namespace {
struct Limits {
    std::int64_t most = 7;
    static void fields(auto& f, auto& limits) { f.optional("most", limits.most, json::range{1, 10}); }
};
}  // namespace

TEST_CASE("settings row: a change is put into what is there") {
    struct Case {
        std::string_view target;
        std::string_view change;
        std::string_view result;
    };
    for (const auto& [target, change, result] : {
             Case{R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"},
             Case{R"({"a":1})", R"({"a":null})", R"({"a":null})"},
             Case{R"({"a":{"b":1,"c":2}})", R"({"a":{"c":3}})", R"({"a":{"b":1,"c":3}})"},
             Case{R"({"a":1})", R"({})", R"({"a":1})"},
             Case{R"({"a":[1,2]})", R"({"a":[3]})", R"({"a":[3]})"},
             Case{"null", R"({"a":{"b":1}})", R"({"a":{"b":1}})"},
             Case{R"(["x"])", R"({"a":1})", R"({"a":1})"},
         }) {
        auto value = *json::parse(target);
        merge(value, *json::parse(change));
        CHECK(json::to_text(value) == result);
    }
}

TEST_CASE("settings row: a column that does not fit is named") {
    CHECK(decode_column<Limits>("limits", json::Value{})->most == 7);
    CHECK(decode_column<Limits>("limits", *json::parse(R"({"most":3,"unknown":true})"))->most == 3);
    const auto refused = decode_column<Limits>("limits", *json::parse(R"({"most":11})"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status() == 422);
    CHECK(refused.error().message().find("neon_auth.project_config.limits.most") != std::string_view::npos);
}
}  // namespace argon::management::branch_auth
