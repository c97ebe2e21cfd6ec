// What administrators do to other people's accounts: list, create, change, ban, remove them, end their sessions, act as them for an hour.
// An administrator is a user whose `role` column holds `admin`; the rights of each role are a table in access.cpp.
// Facts 51-55 of auth-wire-facts.md.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::admin {

api::Endpoint list_users, get_user, create_user, update_user, remove_user;
api::Endpoint set_role, set_user_password, has_permission;
api::Endpoint ban_user, unban_user;
api::Endpoint list_user_sessions, list_user_sessions_by_query, revoke_user_session, revoke_user_sessions;
api::Endpoint impersonate_user, stop_impersonating;

extern const api::Description list_users_docs, get_user_docs, create_user_docs, update_user_docs, remove_user_docs, set_role_docs,
    set_user_password_docs, has_permission_docs, ban_user_docs, unban_user_docs, list_user_sessions_docs, revoke_user_session_docs,
    revoke_user_sessions_docs, impersonate_user_docs, stop_impersonating_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::admin
