// What members may do in their organization (auth-service.md, 2.13), and who is in charge of it.
#pragma once

#include "api/session.hpp"
#include "auth/organization/records.hpp"
#include "identity/access.hpp"

namespace argon::auth::organization {

std::span<const identity::Role> roles();
bool may(const Member& member, std::string_view resource, std::string_view action);

/// The roles whose holders are in charge: owners, and what founders of organizations become where the branch says otherwise. Only they
/// may give these roles, take them, or remove who holds them, and one of them must always be left.
std::vector<std::string> leading_roles(const api::Context& ctx);
bool leads(const api::Context& ctx, std::string_view role);
/// May this member invite people with this role? Then they may see such invitations as well: whoever knows the id of an invitation can
/// accept it with an account of that address, so nobody sees the id of one they could not have made.
bool may_invite_as(const api::Context& ctx, const Member& member, std::string_view role);
std::vector<Invitation> visible_to(const api::Context& ctx, const Member& member, std::vector<Invitation> invitations);

/// The organization that the request names, else the session's active one; empty without either.
OrganizationId organization_of(const identity::Session& session, const std::optional<std::string>& named);

/// Whether an unproven address may look at its invitations and answer them.
bool trusts_unverified(const api::Context& ctx);
}  // namespace argon::auth::organization
