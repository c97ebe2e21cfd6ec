// The operator and the keys with which programs act for them: the rows of argonauth.account and argonauth.api_key.
// Statements that subcommands run on a blocking session are declared here; the rest of the SQL is beside its function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Owner {
    std::string id;
    std::string email;
    std::string name;
    TimePoint created_at;

    static void columns(auto& column, auto& owner) { column(owner.id)(owner.email)(owner.name)(owner.created_at); }
};

struct ApiKey {
    std::int64_t id = 0;
    std::string name;
    std::string created_by;
    TimePoint created_at;
    std::optional<TimePoint> last_used_at;
    std::string last_used_from_addr;
    std::optional<ProjectId> project_id;  ///< the only project it is good for
    bool read_only = false;

    static void columns(auto& column, auto& key) {
        column(key.id)(key.name)(key.created_by)(key.created_at)(key.last_used_at)(key.last_used_from_addr)(key.project_id)(key.read_only);
    }
};

/// What a key may do less than its owner.
struct ApiKeyLimits {
    std::optional<ProjectId> project_id;
    bool read_only = false;
};

inline constexpr pg::Statement insert_api_key_row{"branches.insert_api_key", R"sql(
    INSERT INTO argonauth.api_key (name, key_hash, created_by, project_id, read_only) VALUES ($1, $2, $3, $4, $5)
    RETURNING id, name, created_by, created_at, last_used_at, last_used_from_addr, project_id, read_only)sql"};

inline constexpr pg::Statement select_api_keys{"branches.list_api_keys", R"sql(
    SELECT id, name, created_by, created_at, last_used_at, last_used_from_addr, project_id, read_only
      FROM argonauth.api_key WHERE created_by = $1 AND revoked_at IS NULL ORDER BY id)sql"};

inline constexpr pg::Statement revoke_api_key_row{"branches.revoke_api_key", R"sql(
    UPDATE argonauth.api_key SET revoked_at = now() WHERE id = $1 AND created_by = $2 AND revoked_at IS NULL
    RETURNING id, name, created_by, created_at, last_used_at, last_used_from_addr, project_id, read_only)sql"};

/// `napi_` and 64 letters and digits, 381 bits: shown once, stored as a hash.
Secret<> make_api_key();
/// What is stored and looked up. A key is random, so a fast hash without salt is enough.
std::string hash_api_key(const std::string& key);
/// One to 64 characters, none of them a control character.
bool is_api_key_name(const std::string& name);

awaitable<Owner> get_owner(pg::Executor& db, const std::string& id);
awaitable<std::optional<ApiKey>> find_api_key(pg::Executor& db, const std::string& hash);
awaitable<ApiKey> insert_api_key(pg::Executor& db, const std::string& account_id, const std::string& name, const std::string& hash,
                                 const ApiKeyLimits& limits);
awaitable<std::vector<ApiKey>> list_api_keys(pg::Executor& db, const std::string& account_id);
/// Nothing when there is no such key, or not any more.
awaitable<std::optional<ApiKey>> revoke_api_key(pg::Executor& db, const std::string& account_id, std::int64_t id);
awaitable<> record_api_key_use(pg::Executor& db, std::int64_t id, const std::string& address);
}  // namespace argon::branches
