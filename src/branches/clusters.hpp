// The PostgreSQL clusters of embedded mode: one a branch and one for the control state, under the data directory.
// Clusters are started on demand, stopped when idle, and stopped for good at exit.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/workers.hpp"
#include "branches/data_directory.hpp"
#include "branches/postgres_account.hpp"
#include "branches/postgres_server.hpp"

namespace argon::branches {

struct ClusterConfig {
    Binaries binaries;
    Account account;
};

/// What a new branch's cluster contains.
struct NewCluster {
    std::string role;
    Secret<> password;
    std::string database;
};

/// What requests look at without a lock.
struct ClusterState {
    std::atomic<bool> running{false};
    std::atomic<std::uint64_t> generation{0};  ///< rises with each start: connections of an older one are dead
    std::atomic<std::uint16_t> port{0};        ///< the server's own TCP port on loopback; users come through DatabaseProxy
    std::atomic<std::int64_t> last_used{0};    ///< seconds of the steady clock
    std::atomic<int> users{0};                 ///< connections that come through the proxy
    std::atomic<std::int64_t> suspend_after{300};  ///< seconds without use; negative: never

    void touch();
    /// As endpoints have it: seconds, 0 for the default, -1 for never.
    void set_suspend_timeout(int seconds) { suspend_after = seconds == 0 ? default_suspend_timeout : seconds; }
    static constexpr std::int64_t default_suspend_timeout = 300;
};

class Clusters {
public:
    Clusters(DataDirectory& directory, ClusterConfig config, Workers& workers);
    ~Clusters();

    // ---- blocking, for start-up and worker threads ----

    /// Starts the control cluster, making it first when there is none, and returns the connection string of its database.
    std::string start_control();
    /// Makes a branch's cluster with one role and one database of it, running when this returns. All or nothing.
    void create(const BranchId& branch, const NewCluster& contents);
    /// Copies all of `parent`, which serves on with its clients connected, for `child`. Not started; all or nothing.
    void copy(const BranchId& parent, const BranchId& child);
    void remove(const BranchId& branch);
    /// The branch's cluster is the one in this directory below `branches/`: its own id unless the branch was restored. Ends what
    /// ran for it before.
    void assign(const BranchId& branch, const std::string& directory);
    /// Nobody is going to ask for this branch again; its data stay.
    void forget(const BranchId& branch);
    void start(const BranchId& branch);
    /// Waits for copies of the branch to be complete.
    void stop(const BranchId& branch);
    void stop_all();
    /// Notices servers that ended by themselves. The control cluster is started again at once, a branch's by its next request.
    void revive();

    // ---- for requests ----

    /// Threads for copies: minutes of a large one must not keep other branches from starting.
    Workers& copiers() { return copiers_; }

    std::shared_ptr<ClusterState> state(const BranchId& branch);
    /// Starts the branch when it is stopped. Throws pg::Unavailable.
    awaitable<> ensure_running(asio::io_context& home, BranchId branch);
    /// Running branches that nobody used for longer than they may idle.
    std::vector<BranchId> idle_branches() const;
    /// Stops the branch unless somebody came back to it meanwhile.
    void suspend(const BranchId& branch);

    /// Connects as the service's own role, which owns neon_auth and is no superuser.
    std::string service_conninfo(const BranchId& branch, const std::string& database) const;
    /// Connects as the cluster's superuser; for DDL on databases, roles and schemas only, never for a tenant's tables.
    std::string admin_conninfo(const BranchId& branch, const std::string& database) const;

private:
    struct Cluster;
    std::shared_ptr<Cluster> find(const BranchId& branch) const;
    std::shared_ptr<Cluster> find_or_add(const BranchId& branch);
    std::vector<std::shared_ptr<Cluster>> all() const;
    void start_cluster(Cluster& cluster);
    static void stop_cluster(Cluster& cluster);
    std::filesystem::path data_of(const Cluster& cluster) const;
    std::string branch_conninfo(const BranchId& branch, std::string_view role, const std::string& database) const;

    DataDirectory& directory_;
    ClusterConfig config_;
    Workers& workers_;
    Workers copiers_{4};
    mutable std::mutex mutex_;
    std::map<BranchId, std::shared_ptr<Cluster>> clusters_;
    std::mutex control_mutex_;
    std::unique_ptr<PostgresServer> control_;
};
}  // namespace argon::branches
