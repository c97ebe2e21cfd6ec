#include "branches/postgres_account.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <unistd.h>

#include "branches/setup_error.hpp"

namespace argon::branches {

TEST_CASE("account: an ordinary user runs PostgreSQL itself, whatever is configured") {
    const auto ours = current_account();
    CHECK(ours.uid == ::geteuid());
    CHECK(std::ranges::count(ours.groups, ours.gid) == 1);
    if (ours.uid == 0) return;
    CHECK(choose_postgres_account().uid == ours.uid);
    CHECK(choose_postgres_account("no-such-user").uid == ours.uid);
}

TEST_CASE("account: root needs another user, and says so") {
    if (::geteuid() != 0) return;
    CHECK(choose_postgres_account("nobody").name == "nobody");
    CHECK_THROWS_WITH_AS(choose_postgres_account("no-such-user"), doctest::Contains("the user no-such-user does not exist"), SetupError);
    CHECK_THROWS_WITH_AS(choose_postgres_account("root"), doctest::Contains("--pg-user"), SetupError);
}
}  // namespace argon::branches
