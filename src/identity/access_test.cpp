#include "identity/access.hpp"

#include <doctest/doctest.h>

namespace argon::identity {
namespace {
constexpr Grant owner_grants[] = {{"house", {"paint", "sell"}}, {"garden", {"mow"}}};
constexpr Grant guest_grants[] = {{"house", {}}, {"garden", {"mow"}}};
constexpr Role roles[] = {{"owner", owner_grants}, {"guest", guest_grants}};
}  // namespace

TEST_CASE("access: a role grants what its table says, and only under its exact name") {
    struct Case {
        std::string_view role;
        std::string_view resource;
        std::string_view action;
        bool granted;
    };
    for (const auto& [role, resource, action, granted] : {
             Case{"owner", "house", "sell", true},
             Case{"guest", "house", "sell", false},
             Case{"guest,owner", "house", "sell", true},
             Case{"guest", "garden", "mow", true},
             Case{" owner", "house", "sell", false},
             Case{"guest, owner", "house", "sell", false},
             Case{"Owner", "house", "sell", false},
             Case{"", "house", "sell", false},
             Case{"owner", "house", "burn", false},
             Case{"owner", "boat", "sell", false},
         }) {
        CAPTURE(role);
        CHECK(grants(roles, role, resource, action) == granted);
    }
}

TEST_CASE("access: one role must grant all that is asked for") {
    CHECK(grants_all(roles, "owner", {{{"house", {"sell"}}, {"garden", {"mow"}}}}));
    CHECK_FALSE(grants_all(roles, "guest", {{{"house", {"sell"}}, {"garden", {"mow"}}}}));
    CHECK_FALSE(grants_all(roles, "guest", {{{"house", {}}}}));  // what is asked for is nothing
    CHECK_FALSE(grants_all(roles, "guest", {{{"boat", {}}}}));
    CHECK_FALSE(grants_all(roles, "owner", {}));
}

TEST_CASE("access: roles from clients are known ones, each once, exactly as written") {
    CHECK(read_roles(roles, {"guest", "owner", "guest"}).joined == "guest,owner");
    CHECK(read_roles(roles, {"guest,owner"}).joined == "guest,owner");
    CHECK(read_roles(roles, {}).joined.empty());
    for (const std::string text : {"", " owner", "owner ", "OWNER", "guest,,owner", "guest, owner", "wizard"}) {
        CAPTURE(text);
        CHECK(read_roles(roles, {text}).unknown.size() == 1);
    }
}
}  // namespace argon::identity
