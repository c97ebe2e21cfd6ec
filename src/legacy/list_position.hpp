#pragma once

#include <string>

namespace argon::legacy {

/// Where a page of users or teams begins; stays good when that one is deleted.
struct ListPosition {
    std::string time;
    std::string id;

    static void columns(auto& column, auto& position) { column(position.time)(position.id); }
};
}  // namespace argon::legacy
