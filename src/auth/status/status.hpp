// Whether the service is there, and where people land when a redirect went wrong.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::status {

std::span<const api::Route> routes();
}  // namespace argon::auth::status
