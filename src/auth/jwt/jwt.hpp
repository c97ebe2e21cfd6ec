// Tokens that other services verify on their own, and the keys to verify them with.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::jwt {

std::span<const api::Route> routes();
}  // namespace argon::auth::jwt
