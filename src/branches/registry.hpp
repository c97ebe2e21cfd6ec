// The live branches: found by the address of a request, kept while they are in use.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/io_threads.hpp"
#include "branches/compute.hpp"
#include "pg/pool.hpp"

namespace argon::branches {

/// Auth as it is enabled on one branch. Shared by all threads.
struct LiveBranch {
    ProjectId project;
    BranchId branch;
    EndpointId endpoint;
    std::string database;  ///< of auth; percent-decoded
    std::string legacy_project;  ///< the UUID of the legacy provider's project; empty where the auth service answers
    std::shared_ptr<ClusterState> cluster;
    std::atomic<bool> schema_is_current{false};
    std::atomic<bool> gone{false};  ///< removed or changed: holders look it up again
    std::atomic<std::uint64_t> settings_version{0};  ///< rises when this program changes the branch's auth settings

    /// One for each I/O thread, made and used by that thread only.
    struct ThreadPool {
        std::shared_ptr<pg::Pool> pool;
        std::uint64_t generation = 0;
    };
    std::vector<ThreadPool> pools;
};

class Registry {
public:
    Registry(IoThreads& threads, Compute& compute, Workers& workers) : threads_(threads), compute_(compute), workers_(workers) {}

    /// The branch that serves auth at this endpoint and database; absent when there is none. With `endpoint` empty, the only one
    /// (single-branch routing). Looked up in the control database on first use, then in memory.
    awaitable<std::shared_ptr<LiveBranch>> find(pg::Executor& control, std::string_view endpoint, std::string_view database);
    /// The branch of a legacy project (integration_records.hpp); absent when its endpoint is disabled.
    awaitable<std::shared_ptr<LiveBranch>> find_legacy(pg::Executor& control, std::string project_uuid, BranchId branch, std::string database);
    /// This thread's connections to the branch's database; starts the branch when it is stopped, and brings
    /// its schema up to date (schema_upgrade.hpp).
    awaitable<std::shared_ptr<pg::Pool>> pool(LiveBranch& branch);

    /// As pool(), but absent when the branch is stopped; does not count as a use that keeps it running.
    std::shared_ptr<pg::Pool> pool_if_running(LiveBranch& branch);
    /// The branches this node serves at the moment.
    std::vector<std::shared_ptr<LiveBranch>> live_branches();

    /// To be called after every change that find() must see: auth enabled or disabled, branch or project deleted.
    void invalidate(const BranchId& branch);
    /// When changes may have been missed.
    void invalidate_all();
    /// To be called after a change of the branch's auth settings: the next request sees it, without waiting for PostgreSQL's notice.
    void note_new_settings(const BranchId& branch);
    /// Sweeps the pools of the calling I/O thread (pg::Pool::sweep).
    void sweep_pools(std::chrono::steady_clock::time_point now);

private:
    using Map = std::map<std::string, std::shared_ptr<LiveBranch>, std::less<>>;  // by "endpoint/database" or "legacy uuid branch/database"

    const Map& snapshot();
    template <class Row>
    std::shared_ptr<LiveBranch> remember(const std::string& key, const Row& row, std::uint64_t asked_at);
    std::shared_ptr<pg::Pool> own_pool(LiveBranch& branch);

    IoThreads& threads_;
    Compute& compute_;
    Workers& workers_;
    std::mutex mutex_;
    Map branches_;
    std::atomic<std::uint64_t> version_{1};
};
}  // namespace argon::branches
