#include "identity/users.hpp"

#include <algorithm>

namespace argon::identity {
namespace {
constexpr pg::Statement insert_user_statement{
    "identity.insert_user",
    "INSERT INTO neon_auth.\"user\" AS u (name, email, \"emailVerified\", image, \"createdAt\", \"updatedAt\", role, banned, "
    "\"phoneNumber\", \"phoneNumberVerified\") VALUES ($1, $2, $3, $4, $5, $5, 'user', false, $6::text, CASE WHEN $6::text IS NOT NULL THEN true "
    "END) "
    "ON CONFLICT DO NOTHING RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement update_user_statement{
    "identity.update_user",
    "UPDATE neon_auth.\"user\" AS u SET name = coalesce($2, u.name), image = CASE WHEN $3 THEN $4 ELSE u.image END, \"updatedAt\" = $5, "
    "\"phoneNumber\" = CASE WHEN $6 THEN NULL ELSE u.\"phoneNumber\" END, "
    "\"phoneNumberVerified\" = CASE WHEN $6 THEN false ELSE u.\"phoneNumberVerified\" END "
    "WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement select_by_id{"identity.find_user", "SELECT " ARGON_USER_COLUMNS " FROM neon_auth.\"user\" u WHERE u.id = $1"};
constexpr pg::Statement lock_by_id{"identity.lock_user", "SELECT true FROM neon_auth.\"user\" WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement select_by_email{"identity.find_user_by_email", "SELECT " ARGON_USER_COLUMNS " FROM neon_auth.\"user\" u WHERE u.email = $1"};
constexpr pg::Statement select_by_phone{"identity.find_user_by_phone",
                                        "SELECT " ARGON_USER_COLUMNS " FROM neon_auth.\"user\" u WHERE u.\"phoneNumber\" = $1"};

constexpr pg::Statement verify_email_statement{
    "identity.verify_email",
    "UPDATE neon_auth.\"user\" AS u SET \"emailVerified\" = true, \"updatedAt\" = $3 WHERE u.id = $1 AND u.email = $2 "
    "AND NOT u.\"emailVerified\" RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement prove_email_statement{
    "identity.prove_email",
    "WITH proven AS (UPDATE neon_auth.\"user\" SET \"emailVerified\" = true, \"updatedAt\" = $2 WHERE id = $1 AND NOT \"emailVerified\" RETURNING "
    "*), "
    "accounts AS (DELETE FROM neon_auth.account a USING proven p WHERE a.\"userId\" = p.id AND a.id IS DISTINCT FROM $3::uuid), "
    "sessions AS (DELETE FROM neon_auth.session s USING proven p WHERE s.\"userId\" = p.id) SELECT " ARGON_USER_COLUMNS " FROM proven u"};

constexpr pg::Statement change_email_statement{
    "identity.change_email",
    "UPDATE neon_auth.\"user\" AS u SET email = $3, \"emailVerified\" = $4, \"updatedAt\" = $5 WHERE u.id = $1 AND u.email = $2 "
    "AND NOT EXISTS (SELECT FROM neon_auth.\"user\" WHERE email = $3) RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement set_phone_statement{
    "identity.set_phone",
    "UPDATE neon_auth.\"user\" AS u SET \"phoneNumber\" = $2, \"phoneNumberVerified\" = true, \"updatedAt\" = $3 WHERE u.id = $1 "
    "AND NOT EXISTS (SELECT FROM neon_auth.\"user\" WHERE \"phoneNumber\" = $2) RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement verify_phone_statement{
    "identity.verify_phone",
    "UPDATE neon_auth.\"user\" AS u SET \"phoneNumberVerified\" = true, \"updatedAt\" = $2 WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

constexpr pg::Statement delete_user_statement{"identity.delete_user", R"sql(
    WITH waiting AS (DELETE FROM neon_auth.verification
                      WHERE value = $1::uuid::text OR identifier IN ('sign-in-otp-' || $2::text, 'email-verification-otp-' || $2, 'forget-password-otp-' || $2))
    DELETE FROM neon_auth."user" WHERE id = $1)sql"};

constexpr pg::Statement lift_ban_statement{"identity.lift_ban", R"sql(
    UPDATE neon_auth."user" SET banned = false, "banReason" = NULL, "banExpires" = NULL WHERE id = $1 AND "banExpires" <= now())sql"};
}  // namespace

awaitable<std::optional<User>> insert_user(pg::Executor& db, const NewUser& user, TimePoint now) {
    const auto rows = co_await db.query(insert_user_statement, user.name, user.email, user.email_verified, user.image, now, user.verified_phone);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> update_user(pg::Executor& db, const UserId& id, const UserChange& change, TimePoint now) {
    const auto rows = co_await db.query(update_user_statement, id, change.name, change.sets_image, change.image, now, change.drops_phone);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> find_user(pg::Executor& db, const UserId& id) {
    const auto rows = co_await db.query(select_by_id, id);
    co_return rows.maybe<User>();
}

awaitable<bool> lock_user(pg::Executor& tx, const UserId& id) {
    const auto rows = co_await tx.query(lock_by_id, id);
    co_return !rows.empty();
}

awaitable<std::optional<User>> find_user_by_email(pg::Executor& db, std::string_view email) {
    const auto rows = co_await db.query(select_by_email, email);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> find_user_by_phone(pg::Executor& db, std::string_view number) {
    const auto rows = co_await db.query(select_by_phone, number);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> verify_email(pg::Executor& db, const UserId& id, std::string_view email, TimePoint now) {
    const auto rows = co_await db.query(verify_email_statement, id, email, now);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> prove_email(pg::Executor& db, const UserId& id, TimePoint now, const std::optional<std::string>& kept_account) {
    const auto rows = co_await db.query(prove_email_statement, id, now, kept_account);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> change_email(pg::Executor& db, const UserId& id, std::string_view from, std::string_view to, bool verified,
                                            TimePoint now) {
    const auto rows = co_await db.query(change_email_statement, id, from, to, verified, now);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> set_phone(pg::Executor& db, const UserId& id, std::string_view number, TimePoint now) {
    const auto rows = co_await db.query(set_phone_statement, id, number, now);
    co_return rows.maybe<User>();
}

awaitable<std::optional<User>> verify_phone(pg::Executor& db, const UserId& id, TimePoint now) {
    const auto rows = co_await db.query(verify_phone_statement, id, now);
    co_return rows.maybe<User>();
}

awaitable<> delete_user(pg::Executor& db, const User& user) { co_await db.query(delete_user_statement, user.id, user.email); }

awaitable<> lift_ban(pg::Executor& db, const UserId& id) { co_await db.query(lift_ban_statement, id); }

bool is_phone_number(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() >= 3 && text.size() <= 16 && text[0] == '+' && text[1] != '0' && std::ranges::all_of(text.substr(1), is_digit);
}

std::string fold_email(std::string_view email) {
    std::string folded{email};
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return folded;
}
}  // namespace argon::identity
