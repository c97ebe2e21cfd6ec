#include "branches/registry.hpp"

#include <fmt/format.h>

#include "branches/schema_upgrade.hpp"
#include "http/url.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_live{"branches.find_live", R"sql(
    SELECT b.project_id, b.id, e.id, i.database_name, e.suspend_timeout_seconds
      FROM argonauth.auth_integration i
      JOIN argonauth.branch b ON b.id = i.branch_id AND b.state = 'ready'
      JOIN argonauth.endpoint e ON e.branch_id = b.id AND e.type = 'read_write' AND NOT e.disabled
     WHERE (e.id = $1 OR $1 = '') AND i.database_name = $2 AND i.auth_provider = 'better_auth'
     ORDER BY b.is_default DESC, b.created_at, e.created_at LIMIT 1)sql"};

constexpr pg::Statement select_legacy{"branches.find_live_legacy", R"sql(
    SELECT b.project_id, b.id, e.id, i.database_name, e.suspend_timeout_seconds
      FROM argonauth.auth_integration i
      JOIN argonauth.branch b ON b.id = i.branch_id AND b.state = 'ready'
      JOIN argonauth.endpoint e ON e.branch_id = b.id AND e.type = 'read_write' AND NOT e.disabled
     WHERE b.id = $1 AND i.database_name = $2 AND i.auth_provider = 'stack'
     ORDER BY e.created_at LIMIT 1)sql"};

struct LiveRow {
    ProjectId project;
    BranchId branch;
    EndpointId endpoint;
    std::string database;
    int suspend_timeout;
    std::string legacy_project;

    static void columns(auto& column, auto& row) {
        column(row.project);
        column(row.branch);
        column(row.endpoint);
        column(row.database);
        column(row.suspend_timeout);
    }
};

}  // namespace

/// Each thread keeps its own copy of the map; a look at the version tells whether it is still right.
const Registry::Map& Registry::snapshot() {
    thread_local std::uint64_t seen_version = 0;
    thread_local Map seen;
    if (seen_version != version_.load(std::memory_order_acquire)) {
        const std::lock_guard lock{mutex_};
        seen = branches_;
        seen_version = version_;
    }
    return seen;
}

awaitable<std::shared_ptr<LiveBranch>> Registry::find(pg::Executor& control, std::string_view endpoint, std::string_view database) {
    std::string key;
    key.append(endpoint).append("/").append(database);
    const auto& known = snapshot();
    if (const auto found = known.find(key); found != known.end()) co_return found->second;
    const auto version = version_.load();
    const auto rows = co_await control.query(select_live, endpoint, database);
    const auto row = rows.maybe<LiveRow>();
    if (!row) co_return nullptr;
    co_return remember(key, *row, version);
}

awaitable<std::shared_ptr<LiveBranch>> Registry::find_legacy(pg::Executor& control, std::string project_uuid, BranchId branch, std::string database) {
    const auto key = fmt::format("legacy {} {}/{}", project_uuid, branch.value, database);
    const auto& known = snapshot();
    if (const auto found = known.find(key); found != known.end()) co_return found->second;

    const auto version = version_.load();
    const auto rows = co_await control.query(select_legacy, branch, database);
    auto row = rows.maybe<LiveRow>();
    if (!row) co_return nullptr;
    row->legacy_project = project_uuid;
    co_return remember(key, *row, version);
}

template <class Row>
std::shared_ptr<LiveBranch> Registry::remember(const std::string& key, const Row& row, std::uint64_t asked_at) {
    auto live = std::make_shared<LiveBranch>();
    live->project = row.project;
    live->branch = row.branch;
    live->endpoint = row.endpoint;
    live->database = row.database;
    live->legacy_project = row.legacy_project;
    live->cluster = compute_.state(row.branch);
    live->cluster->set_suspend_timeout(row.suspend_timeout);
    live->pools.resize(threads_.size());

    const std::lock_guard lock{mutex_};
    auto& entry = branches_[key];
    if (entry) return entry;
    // Kept only if nothing was changed between the question and the answer.
    if (version_ != asked_at) {
        branches_.erase(key);
        return live;
    }
    entry = live;
    ++version_;
    return live;
}

awaitable<std::shared_ptr<pg::Pool>> Registry::pool(LiveBranch& branch) {
    auto& cluster = *branch.cluster;
    cluster.touch();
    if (!cluster.running.load(std::memory_order_acquire)) co_await compute_.ensure_running(threads_.current(), branch.branch);
    auto pool = own_pool(branch);
    if (!branch.schema_is_current.load(std::memory_order_acquire)) {
        co_await upgrade_schema(compute_, workers_, threads_.current(), branch, *pool);
        branch.schema_is_current = true;
    }
    co_return pool;
}

std::shared_ptr<pg::Pool> Registry::pool_if_running(LiveBranch& branch) {
    return branch.cluster->running.load(std::memory_order_acquire) ? own_pool(branch) : nullptr;
}

std::shared_ptr<pg::Pool> Registry::own_pool(LiveBranch& branch) {
    const auto& cluster = *branch.cluster;
    auto& mine = branch.pools[IoThreads::current_index()];
    if (!mine.pool || mine.generation != cluster.generation) {
        mine.generation = cluster.generation;
        mine.pool = std::make_shared<pg::Pool>(threads_.current(), compute_.pool_config(branch.branch, branch.database));
    }
    return mine.pool;
}

std::vector<std::shared_ptr<LiveBranch>> Registry::live_branches() {
    std::vector<std::shared_ptr<LiveBranch>> live;
    for (const auto& [key, branch] : snapshot()) live.push_back(branch);
    return live;
}

void Registry::invalidate(const BranchId& branch) {
    const std::lock_guard lock{mutex_};
    std::erase_if(branches_, [&](auto& entry) {
        if (entry.second->branch != branch) return false;
        entry.second->gone = true;
        return true;
    });
    ++version_;
}

void Registry::invalidate_all() {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, branch] : branches_) branch->gone = true;
    branches_.clear();
    ++version_;
}

void Registry::note_new_settings(const BranchId& branch) {
    const std::lock_guard lock{mutex_};
    // One branch may be known by several addresses.
    for (const auto& [key, live] : branches_) {
        if (live->branch == branch) ++live->settings_version;
    }
}

void Registry::sweep_pools(std::chrono::steady_clock::time_point now) {
    for (const auto& [key, live] : snapshot()) {
        if (const auto& pool = live->pools[IoThreads::current_index()].pool) pool->sweep(now);
    }
}
}  // namespace argon::branches
