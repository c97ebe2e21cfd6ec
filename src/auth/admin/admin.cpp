#include "auth/admin/admin.hpp"

namespace argon::auth::admin {
namespace {
using http::Method;

constexpr api::Route table[] = {
    {Method::get, "/admin/list-users", list_users},
    {Method::get, "/admin/get-user", get_user},
    {Method::post, "/admin/create-user", create_user},
    {Method::post, "/admin/update-user", update_user},
    {Method::post, "/admin/remove-user", remove_user},
    {Method::post, "/admin/set-role", set_role},
    {Method::post, "/admin/set-user-password", set_user_password},
    {Method::post, "/admin/ban-user", ban_user},
    {Method::post, "/admin/unban-user", unban_user},
    {Method::post, "/admin/list-user-sessions", list_user_sessions},
    // The verb that Neon's server SDK uses (auth-service.md, 2.2).
    {Method::get, "/admin/list-user-sessions", list_user_sessions_by_query},
    {Method::post, "/admin/revoke-user-session", revoke_user_session},
    {Method::post, "/admin/revoke-user-sessions", revoke_user_sessions},
    {Method::post, "/admin/impersonate-user", impersonate_user},
    {Method::post, "/admin/stop-impersonating", stop_impersonating},
    {Method::post, "/admin/has-permission", has_permission},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::admin
