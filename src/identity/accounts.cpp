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
}  // namespace

awaitable<std::optional<Credential>> find_credential(pg::Executor& db, std::string_view email) {
    const auto rows = co_await db.query(select_credential, email);
    co_return rows.maybe<Credential>();
}

awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now) {
    co_await db.query(insert_credential_statement, user, password_hash, now);
}
}  // namespace argon::identity
