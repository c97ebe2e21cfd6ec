// What users change about themselves: name, address, password, and whether they exist.
#pragma once

#include <span>

#include "api/password_rule.hpp"
#include "api/route.hpp"

namespace argon::auth::user {

api::Endpoint update_user, change_email, change_password, verify_password, delete_user, open_delete_link, post_delete_link;
extern const api::Description update_user_docs, change_email_docs, change_password_docs, verify_password_docs, delete_user_docs,
    open_delete_link_docs;

/// Whether the password is the session's user's; the tries are braked.
awaitable<Result<>> require_password(api::Context& ctx, const identity::User& user, std::string password);
inline constexpr api::Refusals password_refusals{api::errors::invalid_password};

std::span<const api::Route> routes();
}  // namespace argon::auth::user
