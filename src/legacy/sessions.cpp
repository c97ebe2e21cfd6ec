#include "legacy/sessions.hpp"

#include "legacy/user_rows.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
#define SESSION_COLUMNS "s.id, s.user_id, s.created_at, s.last_used_at, s.expires_at, s.is_impersonation"

constexpr pg::Statement insert_statement{
    "legacy.insert_session",
    "WITH expired AS (DELETE FROM stack_auth.session WHERE user_id = $1 AND expires_at <= $3) "
    "INSERT INTO stack_auth.session AS s (user_id, token_hash, created_at, last_used_at, expires_at, is_impersonation) "
    "SELECT u.id, $2, $3, $3, $4, $5 FROM stack_auth.\"user\" u WHERE u.id = $1 FOR KEY SHARE RETURNING " SESSION_COLUMNS};

// A session that is used every few seconds is written twice a minute.
constexpr pg::Statement use_statement{
    "legacy.use_session",
    "WITH used AS (UPDATE stack_auth.session SET last_used_at = $2 WHERE token_hash = $1 AND last_used_at < $2::timestamptz - interval '30 "
    "seconds'), "
    "active AS (UPDATE stack_auth.\"user\" a SET last_active_at = $2 FROM stack_auth.session s WHERE s.token_hash = $1 AND a.id = s.user_id "
    "AND s.expires_at > $2 AND a.last_active_at < $2::timestamptz - interval '30 seconds') "
    "SELECT " SESSION_COLUMNS ", " ARGON_LEGACY_USER
    " FROM stack_auth.session s JOIN stack_auth.\"user\" u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > $2"};

constexpr pg::Statement select_user{
    "legacy.select_session_user",
    "SELECT " ARGON_LEGACY_USER
    " FROM stack_auth.session s JOIN stack_auth.\"user\" u ON u.id = s.user_id WHERE s.id = $2 AND s.user_id = $1 AND s.expires_at > $3"};

constexpr pg::Statement select_sessions{
    "legacy.list_sessions",
    "SELECT " SESSION_COLUMNS " FROM stack_auth.session s WHERE s.user_id = $1 AND s.expires_at > $2 ORDER BY s.created_at, s.id LIMIT 1000"};

constexpr pg::Statement delete_one{"legacy.delete_session",
                                   "DELETE FROM stack_auth.session WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2::uuid) AND expires_at > $3"};
constexpr pg::Statement delete_all{"legacy.delete_sessions_of",
                                   "DELETE FROM stack_auth.session WHERE user_id = $1 AND ($2::uuid IS NULL OR id <> $2::uuid)"};

struct RefreshRow {
    Session session;
    std::string user;

    static void columns(auto& column, auto& row) {
        Session::columns(column, row.session);
        column(row.user);
    }
};
}  // namespace

awaitable<std::optional<Session>> insert_session(pg::Executor& db, const NewSession& session, TimePoint now) {
    const auto rows = co_await db.query(insert_statement, session.user_id, session.token_hash, now, now + session.life, session.is_impersonation);
    co_return rows.maybe<Session>();
}

awaitable<std::optional<RefreshedSession>> use_session(pg::Executor& db, std::string_view token_hash, TimePoint now) {
    const auto rows = co_await db.query(use_statement, token_hash, now);
    const auto row = rows.maybe<RefreshRow>();
    if (!row) co_return std::nullopt;
    co_return RefreshedSession{row->session, to_user(row->user)};
}

awaitable<std::optional<User>> find_session_user(pg::Executor& db, const UserId& user, const SessionId& session, TimePoint now) {
    const auto rows = co_await db.query(select_user, user, session, now);
    const auto text = rows.maybe<std::string>();
    if (!text) co_return std::nullopt;
    co_return to_user(*text);
}

awaitable<std::vector<Session>> list_sessions(pg::Executor& db, const UserId& user, TimePoint now) {
    const auto rows = co_await db.query(select_sessions, user, now);
    co_return rows.all<Session>();
}

awaitable<bool> delete_session(pg::Executor& db, const SessionId& id, const std::optional<UserId>& user, TimePoint now) {
    const auto rows = co_await db.query(delete_one, id, user, now);
    co_return rows.affected() > 0;
}

awaitable<> delete_sessions_of(pg::Executor& db, const UserId& user, const std::optional<SessionId>& spared) {
    co_await db.query(delete_all, user, spared);
}
}  // namespace argon::legacy
