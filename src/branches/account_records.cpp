#include "branches/account_records.hpp"

#include "branches/names.hpp"
#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "json/decoder.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_owner{"branches.get_owner", "SELECT id, email, name, created_at FROM argonauth.account WHERE id = $1"};

constexpr pg::Statement select_api_key{"branches.find_api_key", R"sql(
    SELECT id, name, created_by, created_at, last_used_at, last_used_from_addr, project_id, read_only
      FROM argonauth.api_key WHERE key_hash = $1 AND revoked_at IS NULL)sql"};

// The condition is checked again here: of many requests at once one writes.
constexpr pg::Statement update_api_key_use{"branches.record_api_key_use", R"sql(
    UPDATE argonauth.api_key SET last_used_at = now(), last_used_from_addr = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))sql"};
}  // namespace

Secret<> make_api_key() { return Secret<>{"napi_" + crypto::random_text(64, crypto::alphanumeric)}; }

std::string hash_api_key(const std::string& key) { return crypto::hex_encode(crypto::sha256(key)); }

bool is_api_key_name(const std::string& name) { return !name.empty() && json::utf16_length(name) <= 64 && is_plain_text(name); }

awaitable<Owner> get_owner(pg::Executor& db, const std::string& id) {
    const auto rows = co_await db.query(select_owner, id);
    co_return rows.one<Owner>();
}

awaitable<std::optional<ApiKey>> find_api_key(pg::Executor& db, const std::string& hash) {
    const auto rows = co_await db.query(select_api_key, hash);
    co_return rows.maybe<ApiKey>();
}

awaitable<ApiKey> insert_api_key(pg::Executor& db, const std::string& account_id, const std::string& name, const std::string& hash,
                                 const ApiKeyLimits& limits) {
    const auto rows = co_await db.query(insert_api_key_row, name, hash, account_id, limits.project_id, limits.read_only);
    co_return rows.one<ApiKey>();
}

awaitable<std::vector<ApiKey>> list_api_keys(pg::Executor& db, const std::string& account_id) {
    const auto rows = co_await db.query(select_api_keys, account_id);
    co_return rows.all<ApiKey>();
}

awaitable<std::optional<ApiKey>> revoke_api_key(pg::Executor& db, const std::string& account_id, std::int64_t id) {
    const auto rows = co_await db.query(revoke_api_key_row, id, account_id);
    co_return rows.maybe<ApiKey>();
}

awaitable<> record_api_key_use(pg::Executor& db, std::int64_t id, const std::string& address) { co_await db.query(update_api_key_use, id, address); }
}  // namespace argon::branches
