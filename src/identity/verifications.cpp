#include "identity/verifications.hpp"

#include <stdexcept>

namespace argon::identity {
namespace {
// Kept for a while after their end: who comes late is told that the code expired.
#define PURGE                                                                \
    "purged AS (DELETE FROM neon_auth.verification WHERE ctid = ANY (ARRAY(" \
    "SELECT ctid FROM neon_auth.verification WHERE \"expiresAt\" < $4::timestamptz - interval '10 minutes' LIMIT 20 FOR UPDATE SKIP LOCKED)))"
#define INSERT                                                                                                    \
    "INSERT INTO neon_auth.verification (identifier, value, \"expiresAt\", \"createdAt\", \"updatedAt\") VALUES " \
    "($1, $2, $3, clock_timestamp(), $4)"

constexpr pg::Statement insert_statement{"identity.insert_verification", "WITH " PURGE " " INSERT};
constexpr pg::Statement replace_statement{"identity.replace_verification",
                                          "WITH " PURGE ", replaced AS (DELETE FROM neon_auth.verification WHERE identifier = $1) " INSERT};

constexpr pg::Statement find_statement{"identity.find_verification", R"sql(
    SELECT value FROM neon_auth.verification WHERE identifier = $1 AND "expiresAt" > $2 ORDER BY "createdAt" DESC LIMIT 1)sql"};

constexpr pg::Statement take_statement{"identity.take_verification", R"sql(
    DELETE FROM neon_auth.verification WHERE identifier = $1 AND "expiresAt" > $2 RETURNING value)sql"};

// A value without a readable count has none behind it.
constexpr pg::Statement try_code_statement{"identity.try_code", R"sql(
    WITH code AS MATERIALIZED (
        SELECT id, "expiresAt" <= $5 AS expired, coalesce(substring(value FROM ':(\d{1,6})$')::int, 0) >= $3 AS exhausted,
               split_part(value, ':', 1) = $2 AS fits
          FROM neon_auth.verification WHERE identifier = $1 ORDER BY "createdAt" DESC, id LIMIT 1 FOR UPDATE),
    removed AS (
        DELETE FROM neon_auth.verification v USING code
         WHERE v.identifier = $1 AND (code.expired OR code.exhausted OR (code.fits AND $4::boolean))),
    counted AS (
        UPDATE neon_auth.verification v SET value = split_part(v.value, ':', 1) || ':' || coalesce(substring(v.value FROM ':(\d{1,6})$')::int, 0) + 1
          FROM code WHERE v.id = code.id AND NOT (code.expired OR code.exhausted OR code.fits))
    SELECT CASE WHEN expired THEN 'expired' WHEN exhausted THEN 'exhausted' WHEN fits THEN 'right' ELSE 'wrong' END FROM code)sql"};

constexpr pg::Statement delete_reset_links_statement{"identity.delete_reset_links", R"sql(
    DELETE FROM neon_auth.verification WHERE value = $1 AND starts_with(identifier, 'reset-password:'))sql"};

CodeVerdict verdict_of(std::string_view text) {
    if (text == "right") return CodeVerdict::right;
    if (text == "wrong") return CodeVerdict::wrong;
    if (text == "expired") return CodeVerdict::expired;
    if (text == "exhausted") return CodeVerdict::exhausted;
    throw std::logic_error("identity.try_code has a verdict of its own");
}
}  // namespace

awaitable<> insert_verification(pg::Executor& db, const NewVerification& verification, TimePoint now) {
    co_await db.query(insert_statement, verification.identifier, verification.value, verification.expires_at, now);
}

awaitable<> replace_verification(pg::Executor& db, const NewVerification& verification, TimePoint now) {
    co_await db.query(replace_statement, verification.identifier, verification.value, verification.expires_at, now);
}

awaitable<std::optional<std::string>> find_verification(pg::Executor& db, std::string_view identifier, TimePoint now) {
    const auto rows = co_await db.query(find_statement, identifier, now);
    co_return rows.maybe<std::string>();
}

awaitable<std::optional<std::string>> take_verification(pg::Executor& db, std::string_view identifier, TimePoint now) {
    const auto rows = co_await db.query(take_statement, identifier, now);
    co_return rows.maybe<std::string>();
}

awaitable<CodeVerdict> try_code(pg::Executor& db, std::string_view identifier, std::string_view hash, std::int64_t allowed, CodeUse use,
                                TimePoint now) {
    const auto rows = co_await db.query(try_code_statement, identifier, hash, allowed, use == CodeUse::consume, now);
    const auto verdict = rows.maybe<std::string>();
    co_return verdict ? verdict_of(*verdict) : CodeVerdict::absent;
}

awaitable<> delete_reset_links(pg::Executor& db, const UserId& user) { co_await db.query(delete_reset_links_statement, user); }
}  // namespace argon::identity
