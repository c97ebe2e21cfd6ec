// Lists of teams: all or those of one user, filtered, by age, a page at a time.
#include <stdexcept>

#include "legacy/teams.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
// A page begins at ($1, $2): one comparison, so that the index finds the place however far down it is.
#define LIST(source, comparison, direction, time, id)                                                                                        \
    "SELECT " ARGON_LEGACY_TEAM ", t.created_at, t.id FROM " source " (t.created_at, t.id) " comparison " (coalesce($1::timestamptz, '" time \
    "'), coalesce($2::uuid, '" id                                                                                                            \
    "')) AND ($4::text IS NULL OR strpos(lower(t.display_name), lower($4)) > 0 "                                                             \
    "OR t.id::text = lower($4)) ORDER BY t.created_at " direction ", t.id " direction " LIMIT $3"
#define ALL "stack_auth.team t WHERE $5::uuid IS NULL AND"
#define OF_USER "stack_auth.team_member m JOIN stack_auth.team t ON t.id = m.team_id WHERE m.user_id = $5::uuid AND"
#define OLDEST_FIRST ">=", "ASC", "-infinity", "00000000-0000-0000-0000-000000000000"
#define NEWEST_FIRST "<=", "DESC", "infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff"
#define MAKE_LIST(source, order) LIST(source, order)

constexpr pg::Statement oldest_first{"legacy.list_teams_oldest", MAKE_LIST(ALL, OLDEST_FIRST)};
constexpr pg::Statement newest_first{"legacy.list_teams_newest", MAKE_LIST(ALL, NEWEST_FIRST)};
constexpr pg::Statement oldest_first_of_user{"legacy.list_teams_of_user_oldest", MAKE_LIST(OF_USER, OLDEST_FIRST)};
constexpr pg::Statement newest_first_of_user{"legacy.list_teams_of_user_newest", MAKE_LIST(OF_USER, NEWEST_FIRST)};

constexpr pg::Statement select_position{"legacy.select_team_position", "SELECT created_at, id FROM stack_auth.team WHERE id = $1"};

const pg::Statement& statement_for(const TeamFilter& filter) {
    if (filter.member) return filter.descending ? newest_first_of_user : oldest_first_of_user;
    return filter.descending ? newest_first : oldest_first;
}

struct ListedTeam {
    std::string view;
    ListPosition position;

    static void columns(auto& column, auto& row) { column(row.view)(row.position.time)(row.position.id); }
};
}  // namespace

Team to_team(const std::string& text) {
    auto parsed = json::parse(text);
    auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object) throw std::runtime_error("a team of stack_auth cannot be read");
    return std::move(*object);
}

awaitable<std::optional<ListPosition>> find_team_position(pg::Executor& db, const std::string& id) {
    const auto rows = co_await db.query(select_position, id);
    co_return rows.maybe<ListPosition>();
}

awaitable<TeamPage> list_teams(pg::Executor& db, const TeamFilter& filter, const std::optional<ListPosition>& from, std::int64_t limit) {
    const auto time = from ? std::optional{from->time} : std::nullopt;
    const auto id = from ? std::optional{from->id} : std::nullopt;
    const auto rows = co_await db.query(statement_for(filter), time, id, limit + 1, filter.search, filter.member);
    auto listed = rows.all<ListedTeam>();
    TeamPage page;
    if (std::cmp_greater(listed.size(), limit)) {
        page.next = std::move(listed.back().position);
        listed.pop_back();
    }
    for (const auto& row : listed) page.items.push_back(to_team(row.view));
    co_return page;
}
}  // namespace argon::legacy
