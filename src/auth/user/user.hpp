// What users change about themselves.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::user {

api::Endpoint update_user;

std::span<const api::Route> routes();
}  // namespace argon::auth::user
