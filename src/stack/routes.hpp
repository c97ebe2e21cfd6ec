// The surface of the legacy provider: the tables of all its resources.
#pragma once

#include <span>
#include <vector>

#include "api/legacy.hpp"

namespace argon::stack {

std::vector<std::span<const api::LegacyRoute>> stack_routes();
}  // namespace argon::stack
