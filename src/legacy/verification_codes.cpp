#include "legacy/verification_codes.hpp"

#include <stdexcept>

namespace argon::legacy {
namespace {
constexpr pg::Statement insert_statement{"legacy.insert_code", R"sql(
    WITH purged AS (DELETE FROM stack_auth.verification_code WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM stack_auth.verification_code WHERE expires_at < $6::timestamptz - interval '1 day' LIMIT 20 FOR UPDATE SKIP LOCKED)))
    INSERT INTO stack_auth.verification_code (purpose, code_hash, nonce_hash, user_id, data, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7))sql"};

// Found by all but the six characters that people type: guesses at those count against the code. The row is locked first, so
// parallel guesses are counted one after the other.
constexpr pg::Statement try_statement{"legacy.try_code", R"sql(
    WITH code AS MATERIALIZED (
        SELECT id, code_hash = $2 AS fits, used_at IS NOT NULL AS used, expires_at <= $5 AS expired, attempts >= 20 AS exhausted
          FROM stack_auth.verification_code WHERE nonce_hash = $3 AND purpose = $1 FOR UPDATE)
    UPDATE stack_auth.verification_code v
       SET attempts = v.attempts + 1,
           used_at = CASE WHEN code.fits AND NOT code.used AND NOT code.expired AND NOT code.exhausted AND $4::boolean THEN $5 ELSE v.used_at END
      FROM code WHERE v.id = code.id
    RETURNING CASE WHEN code.exhausted THEN 'exhausted' WHEN NOT code.fits THEN 'unknown' WHEN code.used THEN 'used' WHEN code.expired THEN 'expired'
                   ELSE 'right' END, v.user_id, v.data)sql"};

constexpr pg::Statement delete_statement{"legacy.delete_codes", "DELETE FROM stack_auth.verification_code WHERE purpose = $1 AND user_id = $2"};

struct TriedRow {
    std::string verdict;
    std::optional<UserId> user_id;
    std::string data;

    static void columns(auto& column, auto& row) { column(row.verdict)(row.user_id)(row.data); }
};

CodeVerdict verdict_of(std::string_view text) {
    if (text == "right") return CodeVerdict::right;
    if (text == "unknown") return CodeVerdict::unknown;
    if (text == "expired") return CodeVerdict::expired;
    if (text == "used") return CodeVerdict::used;
    if (text == "exhausted") return CodeVerdict::exhausted;
    throw std::logic_error("legacy.try_code has a verdict of its own");
}
}  // namespace

awaitable<std::string> insert_code(pg::Executor& db, const ProjectKeys& keys, const NewCode& code, TimePoint now) {
    auto text = make_secret();
    const auto nonce = std::string_view{text}.substr(typed_length);
    const auto data = json::to_text(json::Value(code.data));
    co_await db.query(insert_statement, code.purpose, keys.hash(text), keys.hash(nonce), code.user_id, data, now, now + code.life);
    co_return text;
}

awaitable<TriedCode> try_code(pg::Executor& db, const ProjectKeys& keys, std::string_view purpose, std::string code, bool consume, TimePoint now) {
    const auto secret = read_secret(std::move(code));
    if (!secret) co_return TriedCode{};
    const auto nonce = std::string_view{*secret}.substr(typed_length);
    const auto rows = co_await db.query(try_statement, purpose, keys.hash(*secret), keys.hash(nonce), consume, now);
    const auto row = rows.maybe<TriedRow>();
    if (!row) co_return TriedCode{};
    TriedCode tried{.verdict = verdict_of(row->verdict), .user_id = row->user_id, .data = {}};
    const auto data = json::parse(row->data);
    if (data && data->is_object()) tried.data = data->get_object();
    co_return tried;
}

awaitable<> delete_codes(pg::Executor& db, std::string_view purpose, const UserId& user) { co_await db.query(delete_statement, purpose, user); }
}  // namespace argon::legacy
