#include "identity/accounts.hpp"

namespace argon::identity {
namespace {
constexpr pg::Statement select_credential{
    "identity.find_credential", "SELECT " ARGON_USER_COLUMNS
                                ", a.password FROM neon_auth.\"user\" u "
                                "LEFT JOIN neon_auth.account a ON a.\"userId\" = u.id AND a.\"providerId\" = 'credential' WHERE u.email = $1 "
                                "ORDER BY a.\"createdAt\" LIMIT 1"};

constexpr pg::Statement insert_credential_statement{"identity.insert_credential", R"sql(
    INSERT INTO neon_auth.account ("accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    VALUES ($1::uuid::text, 'credential', $1::uuid, $2, $3, $3))sql"};

constexpr pg::Statement select_password{"identity.find_password", R"sql(
    SELECT password FROM neon_auth.account WHERE "userId" = $1 AND "providerId" = 'credential' AND password IS NOT NULL
     ORDER BY "createdAt" LIMIT 1)sql"};

constexpr pg::Statement set_password_statement{"identity.set_password", R"sql(
    WITH changed AS (UPDATE neon_auth.account SET password = $2, "updatedAt" = $3 WHERE "userId" = $1::uuid AND "providerId" = 'credential' RETURNING 1)
    INSERT INTO neon_auth.account ("accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    SELECT $1::uuid::text, 'credential', $1::uuid, $2, $3, $3 WHERE NOT EXISTS (SELECT FROM changed))sql"};

constexpr pg::Statement select_accounts{"identity.list_accounts", R"sql(
    SELECT id, "providerId", "accountId", "userId", scope, "createdAt", "updatedAt" FROM neon_auth.account
     WHERE "userId" = $1 ORDER BY "createdAt", id LIMIT 1000)sql"};
}  // namespace

awaitable<std::optional<Credential>> find_credential(pg::Executor& db, std::string_view email) {
    const auto rows = co_await db.query(select_credential, email);
    co_return rows.maybe<Credential>();
}

awaitable<std::optional<std::string>> find_password(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_password, user);
    co_return rows.maybe<std::string>();
}

awaitable<> set_password(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now) {
    co_await db.query(set_password_statement, user, password_hash, now);
}

awaitable<std::vector<Account>> list_accounts(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_accounts, user);
    co_return rows.all<Account>();
}

awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now) {
    co_await db.query(insert_credential_statement, user, password_hash, now);
}
}  // namespace argon::identity
