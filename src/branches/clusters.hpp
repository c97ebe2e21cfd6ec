// The PostgreSQL clusters of embedded mode: one a branch and one for the control state, under the data directory.
// Clusters are started on demand, stopped when idle, and stopped for good at exit.
#pragma once

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
#include "branches/compute.hpp"
#include "branches/data_directory.hpp"
#include "branches/postgres_account.hpp"
#include "branches/postgres_server.hpp"
#include "branches/removed_directories.hpp"

namespace argon::branches {

struct ClusterConfig {
    Binaries binaries;
    Account account;
};

class Clusters : public Compute {
public:
    Clusters(DataDirectory& directory, ClusterConfig config, Workers& workers);
    ~Clusters() override;

    // ---- blocking, for start-up and worker threads ----

    /// Starts the control cluster, making it first when there is none, and returns the connection string of its database.
    std::string start_control();
    void create(const BranchId& branch, const NewCluster& contents) override;
    /// Copies all of `parent`, which serves on with its clients connected, for `child`. Not started; all or nothing.
    void copy(const BranchId& parent, const BranchId& child);
    /// The data are out of the way when this returns, and off the disk soon after.
    void remove(const BranchId& branch) override;
    /// The branch's cluster is the one in this directory below `branches/`: its own id unless the branch was restored. Ends what
    /// ran for it before.
    void assign(const BranchId& branch, const std::string& directory);
    /// Nobody is going to ask for this branch again; its data stay.
    void forget(const BranchId& branch);
    DumpSource dump_source(const BranchId& branch, const std::string& database) override;
    void start(const BranchId& branch) override;
    /// Waits for copies of the branch to be complete.
    void stop(const BranchId& branch) override;
    void stop_all();
    /// Notices servers that ended by themselves. The control cluster is started again at once, a branch's by its next request.
    void revive();
    void tend() override;

    // ---- for requests ----

    /// Threads for copies: minutes of a large one must not keep other branches from starting.
    Workers& copiers() override { return copiers_; }

    std::shared_ptr<ClusterState> state(const BranchId& branch) override;
    /// Starts the branch when it is stopped. Throws pg::Unavailable.
    awaitable<> ensure_running(asio::io_context& home, BranchId branch) override;
    /// Running branches that nobody used for longer than they may idle.
    std::vector<BranchId> idle_branches() const;
    /// Stops the branch unless somebody came back to it meanwhile.
    void suspend(const BranchId& branch);

    /// Connects as the service's own role, which owns neon_auth and is no superuser.
    std::string service_conninfo(const BranchId& branch, const std::string& database) const override;
    /// Connects as the cluster's superuser; for DDL on databases, roles and schemas only, never for a tenant's tables.
    std::string admin_conninfo(const BranchId& branch, const std::string& database) const override;
    std::string catalog_conninfo(const BranchId& branch) const override { return admin_conninfo(branch, "postgres"); }
    pg::PoolConfig pool_config(const BranchId& branch, const std::string& database) const override;
    DatabaseFacts probe(const pg::Conninfo& info) const override;
    void complete(const BranchId&, ConnectionTarget&) const override {}
    std::string_view own_role() const override { return auth_role; }
    Clusters* maker() override { return this; }

private:
    struct Cluster;
    std::shared_ptr<Cluster> find(const BranchId& branch) const;
    std::shared_ptr<Cluster> find_or_add(const BranchId& branch);
    std::vector<std::shared_ptr<Cluster>> all() const;
    void start_cluster(Cluster& cluster);
    static void stop_cluster(Cluster& cluster, StopMode mode = StopMode::fast);
    std::filesystem::path data_of(const Cluster& cluster) const;
    std::string branch_conninfo(const BranchId& branch, std::string_view role, const std::string& database) const;

    DataDirectory& directory_;
    ClusterConfig config_;
    Workers& workers_;
    Workers copiers_{4};
    RemovedDirectories removed_;
    mutable std::mutex mutex_;
    std::map<BranchId, std::shared_ptr<Cluster>> clusters_;
    std::mutex control_mutex_;
    std::unique_ptr<PostgresServer> control_;
};
}  // namespace argon::branches
