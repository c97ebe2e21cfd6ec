#include "stack/teams/teams.hpp"

#include <algorithm>

namespace argon::stack::teams {
namespace {
using api::LegacyAccess;
using http::Method;

constexpr api::LegacyRoute table[] = {
    {Method::get, "/teams", list},
    {Method::post, "/teams", create},
    {Method::get, "/teams/{team_id}", get},
    {Method::patch, "/teams/{team_id}", update},
    {Method::delete_, "/teams/{team_id}", remove},
    {Method::post, "/team-memberships/{team_id}/{user_id}", add_member, LegacyAccess::server},
    {Method::delete_, "/team-memberships/{team_id}/{user_id}", remove_member},
    {Method::post, "/team-invitations/send-code", invite},
    {Method::get, "/team-invitations", list_invitations},
    {Method::delete_, "/team-invitations/{id}", revoke_invitation},
    {Method::post, "/team-invitations/accept", accept_invitation},
    {Method::post, "/team-invitations/accept/check-code", check_invitation},
    {Method::post, "/team-invitations/accept/details", describe_invitation},
    {Method::post, "/team-invitations/{id}/accept", accept_invitation_by_id},
    {Method::get, "/team-member-profiles", list_profiles},
    {Method::get, "/team-member-profiles/{team_id}/{user_id}", get_profile},
    {Method::patch, "/team-member-profiles/{team_id}/{user_id}", update_profile},
    {Method::get, "/team-permissions", list_permissions},
    {Method::post, "/team-permissions/{team_id}/{user_id}/{permission_id}", grant_permission, LegacyAccess::server},
    {Method::delete_, "/team-permissions/{team_id}/{user_id}/{permission_id}", revoke_permission, LegacyAccess::server},
    {Method::get, "/project-permissions", list_project_permissions},
};

constexpr std::string_view admin_permissions[] = {permissions::update_team,    permissions::delete_team,    permissions::read_members,
                                                  permissions::remove_members, permissions::invite_members, "$manage_api_keys"};
constexpr std::string_view member_permissions[] = {permissions::read_members, permissions::invite_members};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }

std::span<const std::string_view> permissions_of(std::string_view role) {
    if (role == "team_admin") return admin_permissions;
    return member_permissions;
}

awaitable<Result<>> require_permission(api::LegacyContext& ctx, const std::string& team, std::string_view permission) {
    if (!ctx.is_client()) co_return Result<>{};
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    const auto member = co_await legacy::find_member(ctx.db(), team, user->id);
    // Whether there is such a team, is not for outsiders to know.
    if (!member) co_return std::unexpected(api::known::team_membership_not_found(team, user->id.value));
    const auto held = permissions_of(member->role);
    const bool may = permission.empty() || std::ranges::find(held, permission) != held.end();
    if (!may) co_return std::unexpected(api::known::team_permission_required(team, user->id.value, std::string{permission}));
    co_return Result<>{};
}

awaitable<Result<legacy::Team>> require_team(api::LegacyContext& ctx, const std::string& id) {
    auto team = co_await legacy::find_team(ctx.db(), id);
    if (!team) co_return std::unexpected(api::known::team_not_found(id));
    co_return std::move(*team);
}

json::Value view_for(const api::LegacyContext& ctx, legacy::Team team) {
    if (!ctx.is_client()) return json::Value(std::move(team));
    return json::Value(legacy::client_view(std::move(team)));
}
}  // namespace argon::stack::teams
