#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {
using http::Method;

bool is_on(const identity::Settings& settings) { return settings.plugins.organization.enabled; }

constexpr api::Route table[] = {
    {Method::post, "/organization/create", create, {.exists = is_on}, &create_docs},
    {Method::post, "/organization/check-slug", check_slug, {.exists = is_on}, &check_slug_docs},
    // The verb that Neon's server SDK uses (auth-service.md, 2.2).
    {Method::get, "/organization/check-slug", check_slug_by_query, {.exists = is_on}, &api::unlisted},
    {Method::post, "/organization/update", update, {.exists = is_on}, &update_docs},
    {Method::post, "/organization/delete", remove, {.exists = is_on}, &remove_docs},
    {Method::get, "/organization/list", list, {.exists = is_on}, &list_docs},
    {Method::get, "/organization/get-full-organization", get_full, {.exists = is_on}, &get_full_docs},
    {Method::post, "/organization/set-active", set_active, {.exists = is_on}, &set_active_docs},
    {Method::get, "/organization/list-members", list_members, {.exists = is_on}, &list_members_docs},
    {Method::get, "/organization/get-active-member", get_active_member, {.exists = is_on}, &get_active_member_docs},
    {Method::get, "/organization/get-active-member-role", get_active_member_role, {.exists = is_on}, &get_active_member_role_docs},
    {Method::post, "/organization/update-member-role", update_member_role, {.exists = is_on}, &update_member_role_docs},
    {Method::post, "/organization/remove-member", remove_member, {.exists = is_on}, &remove_member_docs},
    {Method::post, "/organization/leave", leave, {.exists = is_on}, &leave_docs},
    {Method::post, "/organization/invite-member", invite_member, {.exists = is_on}, &invite_member_docs},
    {Method::post, "/organization/accept-invitation", accept_invitation, {.exists = is_on}, &accept_invitation_docs},
    {Method::post, "/organization/reject-invitation", reject_invitation, {.exists = is_on}, &reject_invitation_docs},
    {Method::post, "/organization/cancel-invitation", cancel_invitation, {.exists = is_on}, &cancel_invitation_docs},
    {Method::get, "/organization/get-invitation", get_invitation, {.exists = is_on}, &get_invitation_docs},
    {Method::get, "/organization/list-invitations", list_invitations, {.exists = is_on}, &list_invitations_docs},
    {Method::get, "/organization/list-user-invitations", list_user_invitations, {.exists = is_on}, &list_user_invitations_docs},
    {Method::post, "/organization/has-permission", has_permission, {.exists = is_on}, &has_permission_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::organization
