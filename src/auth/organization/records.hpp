// Rows of neon_auth.organization, member and invitation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/users.hpp"
#include "json/shapes.hpp"
#include "json/writer.hpp"

namespace argon::auth::organization {

struct Organization {
    static constexpr std::string_view schema_name = "Organization";
    OrganizationId id;
    std::string name;
    std::string slug;
    std::optional<std::string> logo;
    TimePoint created_at;
    std::optional<std::string> metadata;  ///< JSON text, and shown as such (fact 56)

    static void fields(auto& f, const auto& organization) {
        f.required("name", organization.name);
        f.required("slug", organization.slug);
        f.required("logo", organization.logo);
        f.required("createdAt", organization.created_at);
        f.required("metadata", organization.metadata);
        f.required("id", organization.id);
    }
    static void columns(auto& column, auto& organization) {
        column(organization.id);
        column(organization.name);
        column(organization.slug);
        column(organization.logo);
        column(organization.created_at);
        column(organization.metadata);
    }
};

/// What /create and /update answer: the metadata as an object, and no such key without any.
struct EditedOrganization {
    Organization organization;

    static void fields(auto& f, const auto& edited) {
        const auto& organization = edited.organization;
        f.required("name", organization.name);
        f.required("slug", organization.slug);
        f.required("logo", organization.logo);
        f.required("createdAt", organization.created_at);
        f.optional("metadata", organization.metadata ? json::parse(*organization.metadata) : std::nullopt);
        f.required("id", organization.id);
    }
};

struct Member {
    static constexpr std::string_view schema_name = "Member";
    std::string id;
    OrganizationId organization_id;
    UserId user_id;
    std::string role;
    TimePoint created_at;

    static void fields(auto& f, const auto& member) {
        f.required("organizationId", member.organization_id);
        f.required("userId", member.user_id);
        f.required("role", member.role);
        f.required("createdAt", member.created_at);
        f.required("id", member.id);
    }
    static void columns(auto& column, auto& member) {
        column(member.id);
        column(member.organization_id);
        column(member.user_id);
        column(member.role);
        column(member.created_at);
    }
};

/// Whom the other members see.
struct MemberUser {
    UserId id;
    std::string name;
    std::string email;
    std::optional<std::string> image;

    static void fields(auto& f, const auto& user) {
        f.required("id", user.id);
        f.required("name", user.name);
        f.required("email", user.email);
        f.required("image", user.image);
    }
    static void columns(auto& column, auto& user) {
        column(user.id);
        column(user.name);
        column(user.email);
        column(user.image);
    }
};

struct FullMember {
    Member member;
    MemberUser user;

    static void fields(auto& f, const auto& full) {
        Member::fields(f, full.member);
        f.required("user", full.user);
    }
    static void columns(auto& column, auto& full) {
        Member::columns(column, full.member);
        MemberUser::columns(column, full.user);
    }
};

struct Invitation {
    static constexpr std::string_view schema_name = "Invitation";
    std::string id;
    OrganizationId organization_id;
    std::string email;
    std::optional<std::string> role;
    std::string status;
    TimePoint expires_at;
    TimePoint created_at;
    UserId inviter_id;

    static void fields(auto& f, const auto& invitation) {
        f.required("organizationId", invitation.organization_id);
        f.required("email", invitation.email);
        f.required("role", invitation.role);
        f.required("status", invitation.status);
        f.required("expiresAt", invitation.expires_at);
        f.required("createdAt", invitation.created_at);
        f.required("inviterId", invitation.inviter_id);
        f.required("id", invitation.id);
    }
    static void columns(auto& column, auto& invitation) {
        column(invitation.id);
        column(invitation.organization_id);
        column(invitation.email);
        column(invitation.role);
        column(invitation.status);
        column(invitation.expires_at);
        column(invitation.created_at);
        column(invitation.inviter_id);
    }
};

#define ARGON_ORGANIZATION_COLUMNS "o.id, o.name, o.slug, o.logo, o.\"createdAt\", o.metadata"
#define ARGON_MEMBER_COLUMNS "m.id, m.\"organizationId\", m.\"userId\", m.role, m.\"createdAt\""
#define ARGON_FULL_MEMBER \
    "SELECT " ARGON_MEMBER_COLUMNS ", u.id, u.name, u.email, u.image FROM neon_auth.member m JOIN neon_auth.\"user\" u ON u.id = m.\"userId\" "
#define ARGON_INVITATION_COLUMNS "i.id, i.\"organizationId\", i.email, i.role, i.status, i.\"expiresAt\", i.\"createdAt\", i.\"inviterId\""

// An id that is no UUID belongs to nothing; the functions below answer so without asking.

awaitable<std::optional<Organization>> find_organization(pg::Executor& db, const OrganizationId& id);
awaitable<std::optional<Organization>> find_organization_by_slug(pg::Executor& db, const std::string& slug);
/// Holds off everybody else who changes the organization's members until the transaction ends. False when there is none.
awaitable<bool> lock_organization(pg::Executor& tx, const OrganizationId& id);

awaitable<std::optional<FullMember>> find_member(pg::Executor& db, const OrganizationId& organization, const UserId& user);
awaitable<std::optional<FullMember>> find_member_by_id(pg::Executor& db, const OrganizationId& organization, const std::string& id);
/// `email` in lower case.
awaitable<std::optional<FullMember>> find_member_by_email(pg::Executor& db, const OrganizationId& organization, const std::string& email);
awaitable<std::int64_t> count_members(pg::Executor& db, const OrganizationId& organization);
/// Members with one of the roles.
awaitable<std::int64_t> count_members_with(pg::Executor& db, const OrganizationId& organization, const std::vector<std::string>& roles);
awaitable<Member> insert_member(pg::Executor& tx, const OrganizationId& organization, const UserId& user, std::string_view role, TimePoint now);
/// The user's sessions have the organization active no longer.
awaitable<> delete_member(pg::Executor& tx, const Member& member);

awaitable<std::optional<Invitation>> find_invitation(pg::Executor& db, const std::string& id);
/// Oldest first, at most a thousand.
awaitable<std::vector<Invitation>> list_invitations_of(pg::Executor& db, const OrganizationId& organization);
/// From pending to `status`; of several at once, one succeeds. What was declined or withdrawn can be withdrawn again, as in Better Auth;
/// an accepted one stays accepted. With `unexpired`, an expired one stays as it is.
awaitable<std::optional<Invitation>> settle_invitation(pg::Executor& tx, const std::string& id, std::string_view status,
                                                       std::optional<TimePoint> unexpired);
}  // namespace argon::auth::organization
