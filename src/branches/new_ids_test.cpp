#include "branches/new_ids.hpp"

#include <regex>
#include <set>

#include <doctest/doctest.h>

namespace argon::branches {

TEST_CASE("ids: have the forms that clients test for") {
    const std::regex project{"[a-z]+-[a-z]+-[0-9]{8}"};
    const std::regex branch{"br-[a-z]+-[a-z]+-[a-z0-9]{8}"};
    const std::regex endpoint{"ep-[a-z]+-[a-z]+-[a-z0-9]{8}"};
    const std::regex any{"[a-z0-9-]{1,60}"};
    for (int i = 0; i < 2000; ++i) {
        const auto ids = std::array{make_project_id().value, make_branch_id().value, make_endpoint_id().value};
        CHECK(std::regex_match(ids[0], project));
        CHECK(std::regex_match(ids[1], branch));
        CHECK(std::regex_match(ids[2], endpoint));
        for (const auto& id : ids) CHECK(std::regex_match(id, any));
    }
}

TEST_CASE("ids: do not repeat") {
    std::set<BranchId> seen;
    for (int i = 0; i < 2000; ++i) seen.insert(make_branch_id());
    CHECK(seen.size() == 2000);
}
}  // namespace argon::branches
