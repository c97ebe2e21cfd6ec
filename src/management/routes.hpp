// The management API's surface: the tables of all its features.
#pragma once

#include <span>
#include <vector>

#include "api/management.hpp"

namespace argon::management {

std::vector<std::span<const api::ManagementRoute>> management_routes();
}  // namespace argon::management
