// The ways in which the signed-in user signs in, and the tokens that identity providers gave for them.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::account {

api::Endpoint list_accounts, unlink, get_access_token, read_access_token, refresh_token, account_info;

std::span<const api::Route> routes();
}  // namespace argon::auth::account
