#include "legacy/teams.hpp"

#include "json/writer.hpp"
#include "legacy/users.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
constexpr pg::Statement insert_statement{"legacy.insert_team", R"sql(
    INSERT INTO stack_auth.team (display_name, created_at) VALUES ($1, $2) RETURNING id)sql"};

// `$2` holds the members to be set; what is not in it stays.
constexpr pg::Statement update_statement{"legacy.update_team", R"sql(
    UPDATE stack_auth.team t SET
        display_name = CASE WHEN p ? 'display_name' THEN p ->> 'display_name' ELSE t.display_name END,
        profile_image_url = CASE WHEN p ? 'profile_image_url' THEN nullif(p ->> 'profile_image_url', '') ELSE t.profile_image_url END,
        client_metadata = CASE WHEN p ? 'client_metadata' THEN nullif(p -> 'client_metadata', 'null') ELSE t.client_metadata END,
        client_read_only_metadata = CASE WHEN p ? 'client_read_only_metadata' THEN nullif(p -> 'client_read_only_metadata', 'null')
                                         ELSE t.client_read_only_metadata END,
        server_metadata = CASE WHEN p ? 'server_metadata' THEN nullif(p -> 'server_metadata', 'null') ELSE t.server_metadata END
      FROM (SELECT $2::jsonb) patch (p) WHERE t.id = $1)sql"};

constexpr pg::Statement queue_statement{"legacy.queue_for_team",
                                        "SELECT pg_advisory_xact_lock(hashtextextended('stack_auth.team|' || $1::uuid::text, 0)) IS NULL"};
constexpr pg::Statement select_team{"legacy.select_team", "SELECT " ARGON_LEGACY_TEAM " FROM stack_auth.team t WHERE t.id = $1"};
constexpr pg::Statement lock_statement{"legacy.lock_team", "SELECT display_name FROM stack_auth.team WHERE id = $1 FOR KEY SHARE"};
constexpr pg::Statement delete_statement{"legacy.delete_team", "DELETE FROM stack_auth.team WHERE id = $1"};

constexpr pg::Statement select_selecting{"legacy.select_users_of_team",
                                         "SELECT id FROM stack_auth.\"user\" WHERE selected_team_id = $1 ORDER BY id FOR UPDATE"};
constexpr pg::Statement unselect{"legacy.unselect_team",
                                 "UPDATE stack_auth.\"user\" SET selected_team_id = NULL WHERE id = $1 AND selected_team_id = $2"};

constexpr pg::Statement insert_member_statement{"legacy.insert_member", R"sql(
    INSERT INTO stack_auth.team_member (team_id, user_id, role, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING)sql"};
constexpr pg::Statement delete_member_statement{"legacy.delete_member", "DELETE FROM stack_auth.team_member WHERE team_id = $1 AND user_id = $2"};
constexpr pg::Statement select_members{"legacy.list_members", R"sql(
    SELECT m.team_id, m.user_id, m.role, coalesce(m.display_name, u.display_name), coalesce(m.profile_image_url, u.profile_image_url)
      FROM stack_auth.team_member m JOIN stack_auth."user" u ON u.id = m.user_id
     WHERE ($1::uuid IS NULL OR m.team_id = $1::uuid) AND ($2::uuid IS NULL OR m.user_id = $2::uuid)
     ORDER BY m.created_at, m.team_id, m.user_id LIMIT 10000)sql"};

constexpr pg::Statement update_role_statement{"legacy.update_role",
                                              "UPDATE stack_auth.team_member SET role = $3 WHERE team_id = $1 AND user_id = $2"};
constexpr pg::Statement update_profile_statement{"legacy.update_profile", R"sql(
    UPDATE stack_auth.team_member m SET
        display_name = CASE WHEN p ? 'display_name' THEN nullif(p ->> 'display_name', '') ELSE m.display_name END,
        profile_image_url = CASE WHEN p ? 'profile_image_url' THEN nullif(p ->> 'profile_image_url', '') ELSE m.profile_image_url END
      FROM (SELECT $3::jsonb) patch (p) WHERE m.team_id = $1 AND m.user_id = $2)sql"};
constexpr pg::Statement select_profiles{
    "legacy.list_profiles",
    "SELECT jsonb_build_object('team_id', m.team_id, 'user_id', m.user_id, 'display_name', coalesce(m.display_name, u.display_name), "
    "'profile_image_url', coalesce(m.profile_image_url, u.profile_image_url)) || CASE WHEN $3::boolean THEN "
    "jsonb_build_object('user', " ARGON_LEGACY_USER
    ") ELSE '{}' END FROM stack_auth.team_member m JOIN stack_auth.\"user\" u ON u.id = m.user_id "
    "WHERE ($1::uuid IS NULL OR m.team_id = $1::uuid) AND ($2::uuid IS NULL OR m.user_id = $2::uuid) "
    "ORDER BY m.created_at, m.team_id, m.user_id LIMIT 10000"};

json::Object to_patch(const TeamChange& change) {
    json::Object patch;
    json::put(patch, "display_name", change.display_name);
    json::put(patch, "profile_image_url", change.profile_image_url);
    json::put(patch, "client_metadata", change.client_metadata);
    json::put(patch, "client_read_only_metadata", change.client_read_only_metadata);
    json::put(patch, "server_metadata", change.server_metadata);
    return patch;
}

awaitable<> apply(pg::Executor& tx, const std::string& id, const TeamChange& change) {
    const auto patch = to_patch(change);
    if (!patch.empty()) co_await tx.query(update_statement, id, json::to_text(json::Value(patch)));
}
}  // namespace

Team client_view(Team team) {
    team.erase("server_metadata");
    team.erase("created_at_millis");
    return team;
}

awaitable<Team> insert_team(pg::Executor& tx, const TeamChange& team, TimePoint now) {
    const auto rows = co_await tx.query(insert_statement, team.display_name.value.value_or(""), now);
    const auto id = rows.one<std::string>();
    co_await apply(tx, id, team);
    auto made = co_await find_team(tx, id);
    co_return std::move(*made);
}

awaitable<std::optional<Team>> update_team(pg::Executor& tx, const std::string& id, const TeamChange& change, TimePoint now) {
    co_await queue_for_team(tx, id);
    co_await apply(tx, id, change);
    auto team = co_await find_team(tx, id);
    if (!team) co_return std::nullopt;
    const auto rows = co_await tx.query(select_selecting, id);
    for (const auto& user : rows.all<UserId>()) co_await mirror_user(tx, user, now);
    co_return std::move(team);
}

awaitable<bool> delete_team(pg::Executor& tx, const std::string& id, TimePoint now) {
    co_await queue_for_team(tx, id);
    const auto rows = co_await tx.query(select_selecting, id);
    const auto deleted = co_await tx.query(delete_statement, id);
    if (deleted.affected() == 0) co_return false;
    for (const auto& user : rows.all<UserId>()) co_await mirror_user(tx, user, now);
    co_return true;
}

awaitable<std::optional<Team>> find_team(pg::Executor& db, const std::string& id) {
    const auto rows = co_await db.query(select_team, id);
    const auto text = rows.maybe<std::string>();
    if (!text) co_return std::nullopt;
    co_return to_team(*text);
}

awaitable<> queue_for_team(pg::Executor& tx, const std::string& id) { co_await tx.query(queue_statement, id); }

awaitable<std::optional<std::string>> lock_team(pg::Executor& tx, const std::string& id) {
    const auto rows = co_await tx.query(lock_statement, id);
    co_return rows.maybe<std::string>();
}

awaitable<bool> insert_member(pg::Executor& tx, const std::string& team, const UserId& user, std::string_view role, TimePoint now) {
    const auto rows = co_await tx.query(insert_member_statement, team, user, role, now);
    co_return rows.affected() == 1;
}

awaitable<bool> delete_member(pg::Executor& tx, const std::string& team, const UserId& user, TimePoint now) {
    // As everywhere, the user comes first: a deletion of theirs would otherwise wait for us, and we for it.
    co_await lock_user(tx, user);
    const auto rows = co_await tx.query(delete_member_statement, team, user);
    if (rows.affected() == 0) co_return false;
    const auto unselected = co_await tx.query(unselect, user, team);
    if (unselected.affected() > 0) co_await mirror_user(tx, user, now);
    co_return true;
}

awaitable<std::optional<Member>> find_member(pg::Executor& db, const std::string& team, const UserId& user) {
    const auto rows = co_await db.query(select_members, team, user);
    co_return rows.maybe<Member>();
}

awaitable<bool> update_role(pg::Executor& db, const std::string& team, const UserId& user, std::string_view role) {
    const auto rows = co_await db.query(update_role_statement, team, user, role);
    co_return rows.affected() == 1;
}

awaitable<bool> update_profile(pg::Executor& db, const std::string& team, const UserId& user, const ProfileChange& change) {
    json::Object patch;
    json::put(patch, "display_name", change.display_name);
    json::put(patch, "profile_image_url", change.profile_image_url);
    const auto rows = co_await db.query(update_profile_statement, team, user, json::to_text(json::Value(patch)));
    co_return rows.affected() == 1;
}

awaitable<std::vector<std::string>> list_profiles(pg::Executor& db, const std::optional<std::string>& team, const std::optional<UserId>& user,
                                                  bool with_users) {
    const auto rows = co_await db.query(select_profiles, team, user, with_users);
    co_return rows.all<std::string>();
}

awaitable<std::vector<Member>> list_members(pg::Executor& db, const std::optional<std::string>& team, const std::optional<UserId>& user) {
    const auto rows = co_await db.query(select_members, team, user);
    co_return rows.all<Member>();
}
}  // namespace argon::legacy
