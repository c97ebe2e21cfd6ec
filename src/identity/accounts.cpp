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

#define PROVIDER_ACCOUNT                                                                                     \
    "SELECT id, \"providerId\", \"accountId\", \"userId\", \"accessToken\", \"refreshToken\", \"idToken\", " \
    "\"accessTokenExpiresAt\", \"refreshTokenExpiresAt\", scope FROM neon_auth.account "

constexpr pg::Statement select_provider_account{
    "identity.find_provider_account", PROVIDER_ACCOUNT "WHERE \"providerId\" = $1 AND \"accountId\" = $2 ORDER BY \"createdAt\", id LIMIT 1"};

constexpr pg::Statement select_provider_accounts{"identity.list_provider_accounts",
                                                 PROVIDER_ACCOUNT "WHERE \"userId\" = $1 ORDER BY \"createdAt\", id LIMIT 1000"};

// Besides the unique index, which an imported database with duplicates does not have, a lock: two sign-ins of one person at once.
constexpr pg::Statement insert_provider_account_statement{"identity.insert_provider_account", R"sql(
    WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('neon_auth.account ' || $2::text || ' ' || $3::text, 0)))
    INSERT INTO neon_auth.account ("userId", "providerId", "accountId", "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt",
                                   "refreshTokenExpiresAt", scope, "createdAt", "updatedAt")
    SELECT $1::uuid, $2, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz, $9, $10::timestamptz, $10 FROM locked
     WHERE NOT EXISTS (SELECT FROM neon_auth.account WHERE "providerId" = $2 AND "accountId" = $3)
    ON CONFLICT DO NOTHING RETURNING true)sql"};

constexpr pg::Statement update_provider_tokens_statement{"identity.update_provider_tokens", R"sql(
    UPDATE neon_auth.account SET "accessToken" = coalesce($2, "accessToken"), "refreshToken" = coalesce($3, "refreshToken"),
           "idToken" = coalesce($4, "idToken"), "accessTokenExpiresAt" = $5, "refreshTokenExpiresAt" = coalesce($6, "refreshTokenExpiresAt"),
           scope = coalesce($7, scope), "updatedAt" = $8
     WHERE id = $1 RETURNING true)sql"};

constexpr pg::Statement delete_account_statement{"identity.delete_account", "DELETE FROM neon_auth.account WHERE id = $2 AND \"userId\" = $1"};
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

awaitable<std::optional<ProviderAccount>> find_provider_account(pg::Executor& db, std::string_view provider, std::string_view account) {
    const auto rows = co_await db.query(select_provider_account, provider, account);
    co_return rows.maybe<ProviderAccount>();
}

awaitable<std::vector<ProviderAccount>> list_provider_accounts(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_provider_accounts, user);
    co_return rows.all<ProviderAccount>();
}

awaitable<bool> insert_provider_account(pg::Executor& db, const NewProviderAccount& account, TimePoint now) {
    const auto& tokens = account.tokens;
    const auto rows =
        co_await db.query(insert_provider_account_statement, account.user_id, account.provider_id, account.account_id, tokens.access_token,
                          tokens.refresh_token, tokens.id_token, tokens.access_token_expires_at, tokens.refresh_token_expires_at, tokens.scope, now);
    co_return !rows.empty();
}

awaitable<bool> update_provider_tokens(pg::Executor& db, std::string_view id, const ProviderTokens& tokens, TimePoint now) {
    const auto rows = co_await db.query(update_provider_tokens_statement, id, tokens.access_token, tokens.refresh_token, tokens.id_token,
                                        tokens.access_token_expires_at, tokens.refresh_token_expires_at, tokens.scope, now);
    co_return !rows.empty();
}

awaitable<> delete_account(pg::Executor& db, const UserId& user, std::string_view id) { co_await db.query(delete_account_statement, user, id); }

awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now) {
    co_await db.query(insert_credential_statement, user, password_hash, now);
}
}  // namespace argon::identity
