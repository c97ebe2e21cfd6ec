// The ways in which the signed-in user signs in.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::account {

api::Endpoint list_accounts;
extern const api::Description list_accounts_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::account
