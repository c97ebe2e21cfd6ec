#include "auth/organization/records.hpp"

namespace argon::auth::organization {
namespace {
constexpr pg::Statement select_organization{"organization.find",
                                            "SELECT " ARGON_ORGANIZATION_COLUMNS " FROM neon_auth.organization o WHERE o.id = $1"};
constexpr pg::Statement select_by_slug{"organization.find_by_slug",
                                       "SELECT " ARGON_ORGANIZATION_COLUMNS " FROM neon_auth.organization o WHERE o.slug = $1"};
constexpr pg::Statement lock_row{"organization.lock", "SELECT true FROM neon_auth.organization WHERE id = $1 FOR UPDATE"};

constexpr pg::Statement select_member{"organization.find_member",
                                      ARGON_FULL_MEMBER "WHERE m.\"organizationId\" = $1 AND m.\"userId\" = $2 ORDER BY m.\"createdAt\" LIMIT 1"};
constexpr pg::Statement select_member_by_id{"organization.find_member_by_id", ARGON_FULL_MEMBER "WHERE m.\"organizationId\" = $1 AND m.id = $2"};
constexpr pg::Statement select_member_by_email{"organization.find_member_by_email",
                                               ARGON_FULL_MEMBER "WHERE m.\"organizationId\" = $1 AND u.email = $2 ORDER BY m.\"createdAt\" LIMIT 1"};
constexpr pg::Statement count_all{"organization.count_members", R"sql(SELECT count(*) FROM neon_auth.member WHERE "organizationId" = $1)sql"};
constexpr pg::Statement count_with_roles{"organization.count_members_with", R"sql(
    SELECT count(*) FROM neon_auth.member WHERE "organizationId" = $1 AND string_to_array(role, ',') && $2::text[])sql"};

constexpr pg::Statement insert_member_row{"organization.insert_member",
                                          "INSERT INTO neon_auth.member AS m (\"organizationId\", \"userId\", role, \"createdAt\") VALUES ($1, $2, "
                                          "$3, $4) RETURNING " ARGON_MEMBER_COLUMNS};

constexpr pg::Statement delete_member_row{"organization.delete_member", R"sql(
    WITH left_sessions AS (UPDATE neon_auth.session SET "activeOrganizationId" = NULL
                            WHERE "userId" = $2 AND "activeOrganizationId" = $3::uuid::text)
    DELETE FROM neon_auth.member WHERE id = $1)sql"};

constexpr pg::Statement select_invitation{"organization.find_invitation",
                                          "SELECT " ARGON_INVITATION_COLUMNS " FROM neon_auth.invitation i WHERE i.id = $1"};
constexpr pg::Statement select_invitations{"organization.list_invitations",
                                           "SELECT " ARGON_INVITATION_COLUMNS
                                           " FROM neon_auth.invitation i WHERE i.\"organizationId\" = $1 ORDER BY i.\"createdAt\", i.id LIMIT 1000"};
constexpr pg::Statement settle{"organization.settle_invitation",
                               "UPDATE neon_auth.invitation AS i SET status = $2::text WHERE i.id = $1 "
                               "AND (i.status = 'pending' OR $2::text = 'canceled' AND i.status <> 'accepted') "
                               "AND ($3::timestamptz IS NULL OR i.\"expiresAt\" > $3) RETURNING " ARGON_INVITATION_COLUMNS};
}  // namespace

awaitable<std::optional<Organization>> find_organization(pg::Executor& db, const OrganizationId& id) {
    if (!is_uuid(id.value)) co_return std::nullopt;
    const auto rows = co_await db.query(select_organization, id);
    co_return rows.maybe<Organization>();
}

awaitable<std::optional<Organization>> find_organization_by_slug(pg::Executor& db, const std::string& slug) {
    const auto rows = co_await db.query(select_by_slug, slug);
    co_return rows.maybe<Organization>();
}

awaitable<bool> lock_organization(pg::Executor& tx, const OrganizationId& id) {
    if (!is_uuid(id.value)) co_return false;
    const auto rows = co_await tx.query(lock_row, id);
    co_return !rows.empty();
}

awaitable<std::optional<FullMember>> find_member(pg::Executor& db, const OrganizationId& organization, const UserId& user) {
    if (!is_uuid(organization.value) || !is_uuid(user.value)) co_return std::nullopt;
    const auto rows = co_await db.query(select_member, organization, user);
    co_return rows.maybe<FullMember>();
}

awaitable<std::optional<FullMember>> find_member_by_id(pg::Executor& db, const OrganizationId& organization, const std::string& id) {
    if (!is_uuid(organization.value) || !is_uuid(id)) co_return std::nullopt;
    const auto rows = co_await db.query(select_member_by_id, organization, id);
    co_return rows.maybe<FullMember>();
}

awaitable<std::optional<FullMember>> find_member_by_email(pg::Executor& db, const OrganizationId& organization, const std::string& email) {
    if (!is_uuid(organization.value)) co_return std::nullopt;
    const auto rows = co_await db.query(select_member_by_email, organization, email);
    co_return rows.maybe<FullMember>();
}

awaitable<std::int64_t> count_members(pg::Executor& db, const OrganizationId& organization) {
    const auto rows = co_await db.query(count_all, organization);
    co_return rows.one<std::int64_t>();
}

awaitable<std::int64_t> count_members_with(pg::Executor& db, const OrganizationId& organization, const std::vector<std::string>& roles) {
    const auto rows = co_await db.query(count_with_roles, organization, roles);
    co_return rows.one<std::int64_t>();
}

awaitable<Member> insert_member(pg::Executor& tx, const OrganizationId& organization, const UserId& user, std::string_view role, TimePoint now) {
    const auto rows = co_await tx.query(insert_member_row, organization, user, role, now);
    co_return rows.one<Member>();
}

awaitable<> delete_member(pg::Executor& tx, const Member& member) {
    co_await tx.query(delete_member_row, member.id, member.user_id, member.organization_id);
}

awaitable<std::optional<Invitation>> find_invitation(pg::Executor& db, const std::string& id) {
    if (!is_uuid(id)) co_return std::nullopt;
    const auto rows = co_await db.query(select_invitation, id);
    co_return rows.maybe<Invitation>();
}

awaitable<std::vector<Invitation>> list_invitations_of(pg::Executor& db, const OrganizationId& organization) {
    const auto rows = co_await db.query(select_invitations, organization);
    co_return rows.all<Invitation>();
}

awaitable<std::optional<Invitation>> settle_invitation(pg::Executor& tx, const std::string& id, std::string_view status,
                                                       std::optional<TimePoint> unexpired) {
    if (!is_uuid(id)) co_return std::nullopt;
    const auto rows = co_await tx.query(settle, id, status, unexpired);
    co_return rows.maybe<Invitation>();
}
}  // namespace argon::auth::organization
