#include "identity/sessions.hpp"

#include "crypto/random.hpp"

namespace argon::identity {
namespace {
#define SESSION_COLUMNS                                                                                                  \
    "s.id, s.\"expiresAt\", s.token, s.\"createdAt\", s.\"updatedAt\", s.\"ipAddress\", s.\"userAgent\", s.\"userId\", " \
    "s.\"impersonatedBy\", s.\"activeOrganizationId\""

// Asked only for sessions that have one, so that the others cost nothing. By the user's memberships, which are few and indexed; the
// column is text, and what is no id finds none.
#define OF_MEMBERSHIP(what)                                                                                            \
    "CASE WHEN s.\"activeOrganizationId\" IS NOT NULL THEN (SELECT " what                                              \
    " FROM neon_auth.member m JOIN neon_auth.organization o ON o.id = m.\"organizationId\" WHERE m.\"userId\" = u.id " \
    "AND m.\"organizationId\"::text = s.\"activeOrganizationId\" ORDER BY m.\"createdAt\" LIMIT 1) END"
#define ACTIVE_ORGANIZATION OF_MEMBERSHIP("o.slug") ", " OF_MEMBERSHIP("m.role")

constexpr std::size_t token_length = 32;

constexpr pg::Statement insert_session{
    "identity.insert_session",
    "INSERT INTO neon_auth.session AS s (\"userId\", token, \"expiresAt\", \"createdAt\", \"updatedAt\", \"ipAddress\", \"userAgent\", "
    "\"impersonatedBy\") VALUES ($1, $2, $3, $4, $4, $5, $6, $7) RETURNING " SESSION_COLUMNS};

constexpr pg::Statement select_session{"identity.select_session",
                                       "SELECT " SESSION_COLUMNS ", " ARGON_USER_COLUMNS ", " ACTIVE_ORGANIZATION
                                       " FROM neon_auth.session s JOIN neon_auth.\"user\" u ON u.id = s.\"userId\" WHERE s.token = $1"};

constexpr pg::Statement update_session{
    "identity.extend_session", "UPDATE neon_auth.session AS s SET \"expiresAt\" = $2, \"updatedAt\" = $3 WHERE s.id = $1 RETURNING " SESSION_COLUMNS};

constexpr pg::Statement select_sessions{"identity.list_sessions",
                                        "SELECT " SESSION_COLUMNS
                                        " FROM neon_auth.session s WHERE s.\"userId\" = $1 AND s.\"expiresAt\" > $2 AND s.\"impersonatedBy\" IS NULL "
                                        "ORDER BY s.\"createdAt\", s.id LIMIT 1000"};

constexpr pg::Statement select_all_sessions{"identity.list_all_sessions",
                                            "SELECT " SESSION_COLUMNS
                                            " FROM neon_auth.session s WHERE s.\"userId\" = $1 AND s.\"expiresAt\" > $2 "
                                            "ORDER BY s.\"createdAt\", s.id LIMIT 1000"};

constexpr pg::Statement update_active_organization{
    "identity.set_active_organization",
    "UPDATE neon_auth.session AS s SET \"activeOrganizationId\" = $2, \"updatedAt\" = $3 WHERE s.id = $1 RETURNING " SESSION_COLUMNS};

constexpr pg::Statement delete_by_token{"identity.delete_session", "DELETE FROM neon_auth.session WHERE token = $1"};
constexpr pg::Statement delete_own{"identity.delete_session_of", "DELETE FROM neon_auth.session WHERE token = $2 AND \"userId\" = $1"};
constexpr pg::Statement delete_all{"identity.delete_sessions_of", "DELETE FROM neon_auth.session WHERE \"userId\" = $1"};
constexpr pg::Statement delete_others{"identity.delete_other_sessions", "DELETE FROM neon_auth.session WHERE \"userId\" = $1 AND token <> $2"};
}  // namespace

awaitable<Session> open_session(pg::Executor& db, const NewSession& session, TimePoint now) {
    const auto token = crypto::random_text(token_length, crypto::alphanumeric);
    const auto rows = co_await db.query(insert_session, session.user, token, now + session.life, now, session.ip_address, session.user_agent,
                                        session.impersonated_by);
    co_return rows.one<Session>();
}

awaitable<std::optional<SessionAndUser>> find_session(pg::Executor& db, std::string_view token) {
    const auto rows = co_await db.query(select_session, token);
    co_return rows.maybe<SessionAndUser>();
}

awaitable<std::optional<Session>> extend_session(pg::Executor& db, const SessionId& id, TimePoint expires_at, TimePoint now) {
    const auto rows = co_await db.query(update_session, id, expires_at, now);
    co_return rows.maybe<Session>();
}

awaitable<std::vector<Session>> list_sessions(pg::Executor& db, const UserId& user, TimePoint now) {
    const auto rows = co_await db.query(select_sessions, user, now);
    co_return rows.all<Session>();
}

awaitable<std::vector<Session>> list_all_sessions(pg::Executor& db, const UserId& user, TimePoint now) {
    const auto rows = co_await db.query(select_all_sessions, user, now);
    co_return rows.all<Session>();
}

awaitable<std::optional<Session>> set_active_organization(pg::Executor& db, const SessionId& id, const std::optional<OrganizationId>& organization,
                                                          TimePoint now) {
    const auto rows = co_await db.query(update_active_organization, id, organization, now);
    co_return rows.maybe<Session>();
}

awaitable<> delete_session(pg::Executor& db, std::string_view token) { co_await db.query(delete_by_token, token); }

awaitable<> delete_session_of(pg::Executor& db, const UserId& user, std::string_view token) { co_await db.query(delete_own, user, token); }

awaitable<> delete_sessions_of(pg::Executor& db, const UserId& user) { co_await db.query(delete_all, user); }

awaitable<> delete_other_sessions(pg::Executor& db, const UserId& user, std::string_view kept_token) {
    co_await db.query(delete_others, user, kept_token);
}
}  // namespace argon::identity
