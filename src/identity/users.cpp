#include "identity/users.hpp"

namespace argon::identity {
namespace {
constexpr pg::Statement insert_user_statement{
    "identity.insert_user",
    "INSERT INTO neon_auth.\"user\" AS u (name, email, \"emailVerified\", image, \"createdAt\", \"updatedAt\", role, banned) "
    "VALUES ($1, $2, $3, $4, $5, $5, 'user', false) ON CONFLICT (email) DO NOTHING RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement update_user_statement{
    "identity.update_user",
    "UPDATE neon_auth.\"user\" AS u SET name = coalesce($2, u.name), image = CASE WHEN $3 THEN $4 ELSE u.image END, \"updatedAt\" = $5 "
    "WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement lift_ban_statement{"identity.lift_ban", R"sql(
    UPDATE neon_auth."user" SET banned = false, "banReason" = NULL, "banExpires" = NULL WHERE id = $1 AND "banExpires" <= now())sql"};
}  // namespace

awaitable<std::optional<User>> insert_user(pg::Executor& db, const NewUser& user, TimePoint now) {
    const auto rows = co_await db.query(insert_user_statement, user.name, user.email, user.email_verified, user.image, now);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> update_user(pg::Executor& db, const UserId& id, const UserChange& change, TimePoint now) {
    const auto rows = co_await db.query(update_user_statement, id, change.name, change.sets_image, change.image, now);
    co_return rows.maybe<User>();
}

awaitable<> lift_ban(pg::Executor& db, const UserId& id) { co_await db.query(lift_ban_statement, id); }

std::string fold_email(std::string_view email) {
    std::string folded{email};
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return folded;
}
}  // namespace argon::identity
