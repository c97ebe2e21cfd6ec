// Accounts with an e-mail address and a password. A sign-up makes a user with a `credential` account and, unless the branch
// wants the address proven first, opens a session; a sign-in exchanges address and password for one.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::email_password {

api::Endpoint sign_up, sign_in;

std::span<const api::Route> routes();
}  // namespace argon::auth::email_password
