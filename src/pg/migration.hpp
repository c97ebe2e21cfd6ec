// Forward-only schema changes, embedded in the binary (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace argon::pg {

struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};
}  // namespace argon::pg
