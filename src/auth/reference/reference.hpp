// What the auth service says of itself: an OpenAPI document made from its route tables, and a page that shows it and tries it out. Both tell
// of the routes that this branch has; neither is a secret.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::reference {

api::Endpoint document;                    // reference.cpp
api::Endpoint page, script, style, scalar;  // page.cpp

std::span<const api::Route> routes();
}  // namespace argon::auth::reference
