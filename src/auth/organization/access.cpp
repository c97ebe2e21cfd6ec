#include "auth/organization/access.hpp"

#include <algorithm>

namespace argon::auth::organization {
namespace {
constexpr identity::Grant owner_grants[] = {
    {"organization", {"update", "delete"}},   {"member", {"create", "update", "delete"}},     {"invitation", {"create", "cancel"}},
    {"team", {"create", "update", "delete"}}, {"ac", {"create", "read", "update", "delete"}},
};
constexpr identity::Grant admin_grants[] = {
    {"organization", {"update"}},
    {"member", {"create", "update", "delete"}},
    {"invitation", {"create", "cancel"}},
    {"team", {"create", "update", "delete"}},
    {"ac", {"create", "read", "update", "delete"}},
};
constexpr identity::Grant member_grants[] = {{"organization", {}}, {"member", {}}, {"invitation", {}}, {"team", {}}, {"ac", {"read"}}};
constexpr identity::Role role_table[] = {{"owner", owner_grants}, {"admin", admin_grants}, {"member", member_grants}};
}  // namespace

std::span<const identity::Role> roles() { return role_table; }

bool may(const Member& member, std::string_view resource, std::string_view action) {
    return identity::grants(role_table, member.role, resource, action);
}

std::vector<std::string> leading_roles(const api::Context& ctx) {
    const auto& founder = ctx.settings().plugins.organization.config.creatorRole;
    std::vector<std::string> leading{"owner"};
    if (founder != "owner") leading.push_back(founder);
    return leading;
}

bool leads(const api::Context& ctx, std::string_view role) {
    return std::ranges::any_of(leading_roles(ctx), [&](const auto& leading) { return identity::has_role(role, leading); });
}

bool may_invite_as(const api::Context& ctx, const Member& member, std::string_view role) {
    return may(member, "invitation", "create") && (!leads(ctx, role) || leads(ctx, member.role));
}

std::vector<Invitation> visible_to(const api::Context& ctx, const Member& member, std::vector<Invitation> invitations) {
    std::erase_if(invitations, [&](const auto& invitation) { return !may_invite_as(ctx, member, invitation.role.value_or("member")); });
    return invitations;
}

OrganizationId organization_of(const identity::Session& session, const std::optional<std::string>& named) {
    if (named && !named->empty()) return OrganizationId{*named};
    return OrganizationId{session.active_organization_id.value_or("")};
}

bool trusts_unverified(const api::Context& ctx) {
    const auto& settings = ctx.settings();
    return !settings.advanced.organization.requireEmailVerificationOnInvitation.value_or(settings.email_and_password.requireEmailVerification);
}
}  // namespace argon::auth::organization
