#include "branches/integration_transfers.hpp"

#include <algorithm>

#include "branches/integration_records.hpp"
#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"

namespace argon::branches {
namespace {
constexpr std::chrono::hours code_life{1};

// Codes whose time is over go along.
constexpr pg::Statement insert_code{"branches.start_legacy_transfer", R"sql(
    WITH open AS (UPDATE argonauth.legacy_integration SET transfer_status = 'initiated', updated_at = $3::timestamptz
                   WHERE project_uuid = $1 AND transfer_status IS DISTINCT FROM 'finished' RETURNING project_uuid),
         over AS (DELETE FROM argonauth.legacy_transfer t USING open o WHERE t.project_uuid = o.project_uuid AND t.expires_at <= $3)
    INSERT INTO argonauth.legacy_transfer (code_hash, project_uuid, created_at, expires_at)
    SELECT $2::text, project_uuid, $3::timestamptz, $4::timestamptz FROM open RETURNING true)sql"};

constexpr pg::Statement select_code{"branches.find_legacy_transfer", R"sql(
    SELECT l.project_uuid, l.project_id, l.display_name, coalesce(l.transfer_status, '') = 'finished'
      FROM argonauth.legacy_transfer t JOIN argonauth.legacy_integration l ON l.project_uuid = t.project_uuid
     WHERE t.code_hash = $1 AND t.expires_at > $2)sql"};

// A second confirmation waits for the row, then finds the transfer finished.
constexpr pg::Statement confirm_code{"branches.confirm_legacy_transfer", R"sql(
    WITH moved AS (UPDATE argonauth.legacy_integration l SET transfer_status = 'finished', owner_id = $2, updated_at = $3
                     FROM argonauth.legacy_transfer t
                    WHERE t.code_hash = $1 AND t.expires_at > $3 AND t.project_uuid = l.project_uuid
                      AND l.transfer_status IS DISTINCT FROM 'finished'
                   RETURNING l.branch_id)
    UPDATE argonauth.auth_integration i SET owned_by = 'user' FROM moved m WHERE i.branch_id = m.branch_id RETURNING true)sql"};

bool is_code(std::string_view code) {
    return code.size() == 45 && std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

std::string hash(std::string_view code) { return crypto::hex_encode(crypto::sha256(code)); }
}  // namespace

awaitable<std::optional<Secret<>>> start_transfer(pg::Executor& db, const std::string& project_uuid, TimePoint now) {
    auto code = random_base32();
    const auto rows = co_await db.query(insert_code, project_uuid, hash(code), now, now + code_life);
    if (rows.empty()) co_return std::nullopt;
    co_return Secret<>{std::move(code)};
}

awaitable<std::optional<Transfer>> find_transfer(pg::Executor& db, std::string_view code, TimePoint now) {
    if (!is_code(code)) co_return std::nullopt;
    const auto rows = co_await db.query(select_code, hash(code), now);
    co_return rows.maybe<Transfer>();
}

awaitable<bool> confirm_transfer(pg::Executor& db, std::string_view code, const std::string& account_id, TimePoint now) {
    if (!is_code(code)) co_return false;
    const auto rows = co_await db.query(confirm_code, hash(code), account_id, now);
    co_return !rows.empty();
}
}  // namespace argon::branches
