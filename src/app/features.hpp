// All features of the auth service; a new one is listed here and nowhere else.
#pragma once

#include <span>
#include <vector>

#include "api/route.hpp"

namespace argon::app {

std::vector<std::span<const api::Route>> features();
}  // namespace argon::app
