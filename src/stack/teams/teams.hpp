// Teams: groups of users with two roles. Clients see and do what their user's role in the team allows; servers everything.
#pragma once

#include "api/legacy_request.hpp"
#include "api/legacy_user.hpp"
#include "legacy/teams.hpp"

namespace argon::stack::teams {

namespace permissions {
inline constexpr std::string_view update_team = "$update_team";
inline constexpr std::string_view delete_team = "$delete_team";
inline constexpr std::string_view read_members = "$read_members";
inline constexpr std::string_view remove_members = "$remove_members";
inline constexpr std::string_view invite_members = "$invite_members";
}  // namespace permissions
/// What a role contains.
std::span<const std::string_view> permissions_of(std::string_view role);

/// Servers pass. A client's user must be in the team, and have the permission unless it is empty.
awaitable<Result<>> require_permission(api::LegacyContext& ctx, const std::string& team, std::string_view permission);
/// The team of the path, for who may see it.
awaitable<Result<legacy::Team>> require_team(api::LegacyContext& ctx, const std::string& id);
json::Value view_for(const api::LegacyContext& ctx, legacy::Team team);

struct Items {
    std::vector<json::Value> items;

    static void fields(auto& f, auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", false);
    }
};

extern const api::DecodedEndpoint add_member, get_profile, update_profile, grant_permission, revoke_permission, invite, list_invitations,
    revoke_invitation, accept_invitation, check_invitation, describe_invitation, accept_invitation_by_id;
api::LegacyEndpoint list, create, get, update, remove, remove_member, list_profiles, list_permissions, list_project_permissions;
}  // namespace argon::stack::teams
