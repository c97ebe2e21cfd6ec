#include "legacy/team_invitations.hpp"

namespace argon::legacy {
namespace {
#define OPEN_AT(now) "i.used_at IS NULL AND i.expires_at > " now
#define INVITATION_COLUMNS \
    "i.id, i.team_id, t.display_name, i.expires_at, i.email FROM stack_auth.team_invitation i JOIN stack_auth.team t ON t.id = i.team_id"

constexpr pg::Statement insert_statement{
    "legacy.insert_team_invitation",
    "WITH purged AS (DELETE FROM stack_auth.team_invitation WHERE ctid = ANY (ARRAY("
    "SELECT ctid FROM stack_auth.team_invitation WHERE expires_at < $4::timestamptz - interval '1 day' LIMIT 20 FOR UPDATE SKIP LOCKED))) "
    "INSERT INTO stack_auth.team_invitation (team_id, email, code_hash, created_at, expires_at) "
    "SELECT $1::uuid, $2, $3, $4::timestamptz, $5::timestamptz "
    "WHERE (SELECT count(*) FROM stack_auth.team_invitation i WHERE i.team_id = $1::uuid AND " OPEN_AT(
        "$4::timestamptz") ") < $6::bigint RETURNING id"};
constexpr pg::Statement select_of_team{"legacy.list_team_invitations",
                                       "SELECT " INVITATION_COLUMNS " WHERE i.team_id = $1 AND " OPEN_AT("$2") " ORDER BY i.created_at, i.id"};
constexpr pg::Statement select_of_user{
    "legacy.list_invitations_to",
    "SELECT " INVITATION_COLUMNS " WHERE " OPEN_AT("$2") " AND i.email IN "
    "(SELECT c.value FROM stack_auth.contact_channel c WHERE c.user_id = $1 AND c.is_verified) ORDER BY i.created_at, i.id LIMIT 1000"};
constexpr pg::Statement delete_statement{"legacy.delete_team_invitation",
                                         "DELETE FROM stack_auth.team_invitation i WHERE i.team_id = $1 AND i.id = $2 AND " OPEN_AT("$3")};
constexpr pg::Statement select_by_code{"legacy.find_team_invitation",
                                       "SELECT i.used_at IS NOT NULL, i.expires_at <= $2, i.id, i.team_id, t.display_name "
                                       "FROM stack_auth.team_invitation i JOIN stack_auth.team t ON t.id = i.team_id WHERE i.code_hash = $1"};
constexpr pg::Statement select_team{"legacy.find_invitation_team",
                                    "SELECT i.team_id FROM stack_auth.team_invitation i WHERE i.id = $1 AND " OPEN_AT("$2")};
constexpr pg::Statement take_statement{
    "legacy.take_team_invitation",
    "UPDATE stack_auth.team_invitation i SET used_at = $3 WHERE i.id = $1 AND " OPEN_AT("$3") " AND EXISTS (SELECT FROM "
    "stack_auth.contact_channel c WHERE c.user_id = $2 AND c.is_verified AND c.value = i.email)"};

struct FoundRow {
    bool is_used = false;
    bool is_expired = false;
    FoundInvitation found;

    static void columns(auto& column, auto& row) {
        column(row.is_used)(row.is_expired)(row.found.id)(row.found.team_id)(row.found.team_display_name);
    }
};
}  // namespace

awaitable<std::optional<NewInvitation>> insert_invitation(pg::Executor& tx, const ProjectKeys& keys, const std::string& team,
                                                          const std::string& email, std::chrono::seconds life, TimePoint now) {
    auto code = make_secret();
    const auto rows = co_await tx.query(insert_statement, team, email, keys.hash(code), now, now + life, most_open_invitations);
    const auto id = rows.maybe<std::string>();
    if (!id) co_return std::nullopt;
    co_return NewInvitation{*id, std::move(code)};
}

awaitable<std::vector<Invitation>> list_invitations(pg::Executor& db, const std::string& team, TimePoint now) {
    const auto rows = co_await db.query(select_of_team, team, now);
    co_return rows.all<Invitation>();
}

awaitable<std::vector<Invitation>> list_invitations_to(pg::Executor& db, const UserId& user, TimePoint now) {
    const auto rows = co_await db.query(select_of_user, user, now);
    co_return rows.all<Invitation>();
}

awaitable<bool> delete_invitation(pg::Executor& db, const std::string& team, const std::string& id, TimePoint now) {
    const auto rows = co_await db.query(delete_statement, team, id, now);
    co_return rows.affected() == 1;
}

awaitable<FoundInvitation> find_invitation(pg::Executor& db, const ProjectKeys& keys, std::string code, TimePoint now) {
    const auto secret = read_secret(std::move(code));
    if (!secret) co_return FoundInvitation{};
    const auto rows = co_await db.query(select_by_code, keys.hash(*secret), now);
    auto row = rows.maybe<FoundRow>();
    if (!row) co_return FoundInvitation{};
    row->found.verdict = row->is_used ? CodeVerdict::used : row->is_expired ? CodeVerdict::expired : CodeVerdict::right;
    co_return std::move(row->found);
}

awaitable<std::optional<std::string>> find_invitation_team(pg::Executor& db, const std::string& id, TimePoint now) {
    const auto rows = co_await db.query(select_team, id, now);
    co_return rows.maybe<std::string>();
}

awaitable<bool> take_invitation(pg::Executor& tx, const std::string& id, const UserId& user, TimePoint now) {
    const auto rows = co_await tx.query(take_statement, id, user, now);
    co_return rows.affected() == 1;
}
}  // namespace argon::legacy
