// Accounts with an e-mail address and a password. A sign-up makes a user with a `credential` account and, unless the branch
// wants the address proven first, opens a session; a sign-in exchanges address and password for one.
// Who forgot the password gets a link by mail; it leads to the app's page, which hands the token in with a new password.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::email_password {

api::Endpoint sign_up, sign_in, request_password_reset, open_reset_link, reset_password;
extern const api::Description sign_up_docs, sign_in_docs, request_password_reset_docs, open_reset_link_docs, reset_password_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::email_password
