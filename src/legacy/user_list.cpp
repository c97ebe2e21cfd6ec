// Lists of users: filtered, in one of four orders, a page at a time.
#include "legacy/user_rows.hpp"
#include "legacy/users.hpp"
#include "legacy/views.hpp"

namespace argon::legacy {
namespace {
// A page begins at its cursor. When that user has been deleted since, the mirror still knows when they signed up.
#define CURSOR_BY_AGE                                                                                                    \
    "(SELECT k.signed_up_at, k.id FROM (SELECT signed_up_at, id FROM stack_auth.\"user\" WHERE id = $1::uuid UNION ALL " \
    "SELECT created_at, $1::uuid FROM neon_auth.users_sync WHERE id = $1::uuid::text) k LIMIT 1)"
#define CURSOR_BY_ACTIVITY                                                                                                   \
    "(SELECT k.last_active_at, k.id FROM (SELECT last_active_at, id FROM stack_auth.\"user\" WHERE id = $1::uuid UNION ALL " \
    "SELECT to_timestamp((raw_json ->> 'last_active_at_millis')::bigint / 1000.0), $1::uuid FROM neon_auth.users_sync "      \
    "WHERE id = $1::uuid::text) k LIMIT 1)"

#define FILTERS                                                                                                                \
    " AND ($3::text IS NULL OR strpos(lower(u.display_name), lower($3)) > 0 OR u.id::text = lower($3) OR EXISTS (SELECT FROM " \
    "stack_auth.contact_channel s "                                                                                            \
    "WHERE s.user_id = u.id AND strpos(s.value, lower($3)) > 0)) "                                                             \
    "AND ($4::uuid IS NULL OR EXISTS (SELECT FROM stack_auth.team_member m WHERE m.user_id = u.id AND m.team_id = $4::uuid)) " \
    "AND ($5::boolean OR NOT u.is_anonymous) AND (NOT $6::boolean OR u.is_anonymous) "

#define LIST(column, comparison, direction, cursor)                                                                                              \
    "SELECT " ARGON_LEGACY_USER " FROM stack_auth.\"user\" u WHERE ($1::uuid IS NULL OR (u." column ", u.id) " comparison " " cursor ")" FILTERS \
    "ORDER BY u." column " " direction ", u.id " direction " LIMIT $2"

constexpr pg::Statement oldest_first{"legacy.list_users_oldest", LIST("signed_up_at", ">=", "ASC", CURSOR_BY_AGE)};
constexpr pg::Statement newest_first{"legacy.list_users_newest", LIST("signed_up_at", "<=", "DESC", CURSOR_BY_AGE)};
constexpr pg::Statement quietest_first{"legacy.list_users_quietest", LIST("last_active_at", ">=", "ASC", CURSOR_BY_ACTIVITY)};
constexpr pg::Statement liveliest_first{"legacy.list_users_liveliest", LIST("last_active_at", "<=", "DESC", CURSOR_BY_ACTIVITY)};

const pg::Statement& statement_for(const UserPage& page) {
    if (page.by_activity) return page.descending ? liveliest_first : quietest_first;
    return page.descending ? newest_first : oldest_first;
}
}  // namespace

awaitable<UserList> list_users(pg::Executor& db, const UserFilter& filter, const UserPage& page) {
    const bool with_anonymous = filter.include_anonymous || filter.only_anonymous;
    const auto rows =
        co_await db.query(statement_for(page), page.cursor, page.limit + 1, filter.search, filter.team_id, with_anonymous, filter.only_anonymous);
    UserList list;
    for (const auto& text : rows.all<std::string>()) list.users.push_back(to_user(text));
    if (static_cast<std::int64_t>(list.users.size()) > page.limit) {
        list.next_cursor = list.users.back().id.value;
        list.users.pop_back();
    }
    co_return list;
}
}  // namespace argon::legacy
