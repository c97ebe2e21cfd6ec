// Lists of users: filtered, in one of four orders, a page at a time.
#include "legacy/users.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
// A user who has been deleted since is still known to the mirror.
constexpr pg::Statement select_age{"legacy.select_position_by_age", R"sql(
    SELECT k.signed_up_at, k.id FROM (SELECT signed_up_at, id FROM stack_auth."user" WHERE id = $1::uuid
                                      UNION ALL SELECT created_at, $1::uuid FROM neon_auth.users_sync WHERE id = $1::uuid::text) k LIMIT 1)sql"};
constexpr pg::Statement select_activity{"legacy.select_position_by_activity", R"sql(
    SELECT k.last_active_at, k.id FROM (SELECT last_active_at, id FROM stack_auth."user" WHERE id = $1::uuid
                                        UNION ALL SELECT to_timestamp((raw_json ->> 'last_active_at_millis')::bigint / 1000.0), $1::uuid
                                          FROM neon_auth.users_sync WHERE id = $1::uuid::text) k LIMIT 1)sql"};

// Addresses and teams are looked up user by user (as values, not with EXISTS): else each page would read those of everybody anew.
#define FILTERS                                                                                                                         \
    " AND ($4::text IS NULL OR strpos(lower(u.display_name), lower($4)) > 0 OR u.id::text = lower($4) OR "                              \
    "coalesce((SELECT bool_or(strpos(s.value, lower($4)) > 0) FROM stack_auth.contact_channel s WHERE s.user_id = u.id), false)) "      \
    "AND ($5::uuid IS NULL OR coalesce((SELECT true FROM stack_auth.team_member m WHERE m.user_id = u.id AND m.team_id = $5), false)) " \
    "AND ($6::boolean OR NOT u.is_anonymous) AND (NOT $7::boolean OR u.is_anonymous) "

// A page begins at ($1, $2): one comparison, so that the index finds the place however far down it is.
#define LIST(column, comparison, direction, time, id)                                                                                       \
    "SELECT " ARGON_LEGACY_USER ", u." column ", u.id FROM stack_auth.\"user\" u WHERE (u." column ", u.id) " comparison                    \
    " (coalesce($1::timestamptz, '" time "'), coalesce($2::uuid, '" id "'))" FILTERS "ORDER BY u." column " " direction ", u.id " direction \
    " LIMIT $3"
#define FIRST_ID "00000000-0000-0000-0000-000000000000"
#define LAST_ID "ffffffff-ffff-ffff-ffff-ffffffffffff"

constexpr pg::Statement oldest_first{"legacy.list_users_oldest", LIST("signed_up_at", ">=", "ASC", "-infinity", FIRST_ID)};
constexpr pg::Statement newest_first{"legacy.list_users_newest", LIST("signed_up_at", "<=", "DESC", "infinity", LAST_ID)};
constexpr pg::Statement quietest_first{"legacy.list_users_quietest", LIST("last_active_at", ">=", "ASC", "-infinity", FIRST_ID)};
constexpr pg::Statement liveliest_first{"legacy.list_users_liveliest", LIST("last_active_at", "<=", "DESC", "infinity", LAST_ID)};

const pg::Statement& statement_for(UserOrder order) {
    if (order.by_activity) return order.descending ? liveliest_first : quietest_first;
    return order.descending ? newest_first : oldest_first;
}

struct ListedUser {
    std::string view;
    ListPosition position;

    static void columns(auto& column, auto& row) { column(row.view)(row.position.time)(row.position.id); }
};
}  // namespace

awaitable<std::optional<ListPosition>> find_position(pg::Executor& db, const std::string& user, bool by_activity) {
    const auto rows = co_await db.query(by_activity ? select_activity : select_age, user);
    co_return rows.maybe<ListPosition>();
}

awaitable<UserPage> list_users(pg::Executor& db, const UserFilter& filter, UserOrder order, const std::optional<ListPosition>& from,
                               std::int64_t limit) {
    const bool with_anonymous = filter.include_anonymous || filter.only_anonymous;
    const auto time = from ? std::optional{from->time} : std::nullopt;
    const auto id = from ? std::optional{from->id} : std::nullopt;
    const auto rows =
        co_await db.query(statement_for(order), time, id, limit + 1, filter.search, filter.team_id, with_anonymous, filter.only_anonymous);
    UserPage page;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ListedUser user;
        auto row = rows[i];
        ListedUser::columns(row, user);
        if (page.count == limit) {
            page.next = std::move(user.position);
        } else {
            if (page.count++ > 0) page.items += ',';
            page.items += user.view;
        }
    }
    co_return page;
}
}  // namespace argon::legacy
