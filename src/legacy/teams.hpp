// Teams of a legacy integration and who is in them. As in users.hpp, `tx` is a transaction; users whose selected team changes or goes are
// mirrored here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "json/decoder.hpp"
#include "json/value.hpp"
#include "legacy/list_position.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {

/// Absent members stay as they are, and null ones are cleared.
struct TeamChange {
    json::Patch<std::string> display_name;  ///< never null
    json::Patch<std::string> profile_image_url;
    json::Patch<json::Value> client_metadata;
    json::Patch<json::Value> client_read_only_metadata;
    json::Patch<json::Value> server_metadata;
};

/// Teams are handed out as their server's view.
using Team = json::Object;
/// Without what only servers may see.
Team client_view(Team team);

awaitable<Team> insert_team(pg::Executor& tx, const TeamChange& team, TimePoint now);
awaitable<std::optional<Team>> update_team(pg::Executor& tx, const std::string& id, const TeamChange& change, TimePoint now);
awaitable<bool> delete_team(pg::Executor& tx, const std::string& id, TimePoint now);
awaitable<std::optional<Team>> find_team(pg::Executor& db, const std::string& id);
/// Waits until no other transaction changes the team or its being selected, so that the mirror shows the team as it is and nobody waits in a
/// circle. Before any user is locked.
awaitable<> queue_for_team(pg::Executor& tx, const std::string& id);
/// Keeps the team until this transaction ends; its name, or nothing when there is none. Lock users first.
awaitable<std::optional<std::string>> lock_team(pg::Executor& tx, const std::string& id);
/// A team out of the text of ARGON_LEGACY_TEAM.
Team to_team(const std::string& text);

struct TeamFilter {
    std::optional<UserId> member;
    std::optional<std::string> search;  ///< part of a name, or an id
    bool descending = false;            ///< newest first
};
struct TeamPage {
    std::vector<Team> items;
    std::optional<ListPosition> next;
};
/// Nothing when there is no such team.
awaitable<std::optional<ListPosition>> find_team_position(pg::Executor& db, const std::string& id);
awaitable<TeamPage> list_teams(pg::Executor& db, const TeamFilter& filter, const std::optional<ListPosition>& from, std::int64_t limit);

struct Member {
    std::string team_id;
    UserId user_id;
    std::string role;  ///< team_admin or team_member
    std::optional<std::string> display_name;  ///< in the team, else the user's own
    std::optional<std::string> profile_image_url;

    static void columns(auto& column, auto& member) {
        column(member.team_id)(member.user_id)(member.role)(member.display_name)(member.profile_image_url);
    }
    bool is_admin() const { return role == "team_admin"; }
};
/// False when the user is in it already. Team and user must be there.
awaitable<bool> insert_member(pg::Executor& tx, const std::string& team, const UserId& user, std::string_view role, TimePoint now);
awaitable<bool> delete_member(pg::Executor& tx, const std::string& team, const UserId& user, TimePoint now);
awaitable<std::optional<Member>> find_member(pg::Executor& db, const std::string& team, const UserId& user);
/// Nothing when they are not in the team.
awaitable<bool> update_role(pg::Executor& db, const std::string& team, const UserId& user, std::string_view role);

/// How a member shows up in the team. Absent members stay as they are, null or empty ones fall back to the user's own.
struct ProfileChange {
    json::Patch<std::string> display_name;
    json::Patch<std::string> profile_image_url;
};
awaitable<bool> update_profile(pg::Executor& db, const std::string& team, const UserId& user, const ProfileChange& change);
/// Profiles as JSON text, `with_users` for servers; of a team, of a user, or both; at most 10,000.
awaitable<std::vector<std::string>> list_profiles(pg::Executor& db, const std::optional<std::string>& team, const std::optional<UserId>& user,
                                                  bool with_users);
/// Of a team, of a user, or both; at most 10,000.
awaitable<std::vector<Member>> list_members(pg::Executor& db, const std::optional<std::string>& team, const std::optional<UserId>& user);
}  // namespace argon::legacy
