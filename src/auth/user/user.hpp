// What users change about themselves: name, address, password, and whether they exist.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::user {

api::Endpoint update_user, change_email, change_password, verify_password, delete_user, open_delete_link, post_delete_link;

/// Whether the password is the session's user's; the tries are braked.
awaitable<Result<>> require_password(api::Context& ctx, const identity::User& user, std::string password);

std::span<const api::Route> routes();
}  // namespace argon::auth::user
