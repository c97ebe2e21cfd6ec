#include "auth/admin/admin.hpp"

namespace argon::auth::admin {
namespace {
using http::Method;

constexpr api::RouteOptions audited{.audited = true};

constexpr api::Route table[] = {
    {Method::get, "/admin/list-users", list_users, {}, &list_users_docs},
    {Method::get, "/admin/get-user", get_user, {}, &get_user_docs},
    {Method::post, "/admin/create-user", create_user, audited, &create_user_docs},
    {Method::post, "/admin/update-user", update_user, audited, &update_user_docs},
    {Method::post, "/admin/remove-user", remove_user, audited, &remove_user_docs},
    {Method::post, "/admin/set-role", set_role, audited, &set_role_docs},
    {Method::post, "/admin/set-user-password", set_user_password, audited, &set_user_password_docs},
    {Method::post, "/admin/ban-user", ban_user, audited, &ban_user_docs},
    {Method::post, "/admin/unban-user", unban_user, audited, &unban_user_docs},
    {Method::post, "/admin/list-user-sessions", list_user_sessions, {}, &list_user_sessions_docs},
    // The verb that Neon's server SDK uses (auth-service.md, 2.2).
    {Method::get, "/admin/list-user-sessions", list_user_sessions_by_query, {}, &api::unlisted},
    {Method::post, "/admin/revoke-user-session", revoke_user_session, audited, &revoke_user_session_docs},
    {Method::post, "/admin/revoke-user-sessions", revoke_user_sessions, audited, &revoke_user_sessions_docs},
    {Method::post, "/admin/impersonate-user", impersonate_user, audited, &impersonate_user_docs},
    {Method::post, "/admin/stop-impersonating", stop_impersonating, audited, &stop_impersonating_docs},
    {Method::post, "/admin/has-permission", has_permission, {}, &has_permission_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::admin
