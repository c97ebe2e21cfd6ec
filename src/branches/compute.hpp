// What runs the databases of branches. Embedded mode starts PostgreSQL itself (Clusters); attached mode knows the way to servers that
// others run (AttachedDatabases). Nothing above branches/ knows which of the two it has.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"
#include "base/workers.hpp"
#include "branches/addresses.hpp"
#include "branches/schema_dump.hpp"
#include "branches/underway.hpp"
#include "pg/conninfo.hpp"
#include "pg/pool.hpp"

namespace argon::branches {

/// What a new branch's cluster contains.
struct NewCluster {
    std::string role;
    Secret<> password;
    std::string database;
};

/// What requests look at without a lock.
struct ClusterState {
    std::atomic<bool> running{false};
    std::atomic<std::uint64_t> generation{0};      ///< rises with each start: connections of an older one are dead
    std::atomic<std::uint16_t> port{0};            ///< the server's own TCP port on loopback; users come through DatabaseProxy
    std::atomic<std::int64_t> last_used{0};        ///< seconds of the steady clock
    std::atomic<int> users{0};                     ///< connections that come through the proxy
    std::atomic<std::int64_t> suspend_after{300};  ///< seconds without use; negative: never

    void touch();
    /// As endpoints have it: seconds, 0 for the default, -1 for never.
    void set_suspend_timeout(int seconds) { suspend_after = seconds == 0 ? default_suspend_timeout : seconds; }
    static constexpr std::int64_t default_suspend_timeout = 300;
};

class Clusters;

/// What attaching a database needs to know of it.
struct DatabaseFacts {
    int version = 0;  ///< PostgreSQL's major version
    std::string role;
    std::string database;
    bool writable = false;

    static void columns(auto& column, auto& facts) { column(facts.version)(facts.role)(facts.database)(facts.writable); }
};

class Compute {
public:
    virtual ~Compute() = default;

    // ---- blocking, for worker threads ----

    /// Makes a branch's databases with one role and one database, running when this returns. All or nothing.
    virtual void create(const BranchId& branch, const NewCluster& contents) = 0;
    /// Ends what runs for a branch. Databases that are ours go with it; those of others stay as they are.
    virtual void remove(const BranchId& branch) = 0;
    virtual void start(const BranchId& branch) = 0;
    virtual void stop(const BranchId& branch) = 0;
    /// To be called about four times a second: notices what ended by itself and stops what nobody uses.
    virtual void tend() = 0;
    /// Connects to a database that may become a branch and looks at it. Throws pg::Unreachable.
    virtual DatabaseFacts probe(const pg::Conninfo& info) const = 0;
    /// For dump_schema and describe_tables; starts what is stopped.
    virtual DumpSource dump_source(const BranchId& branch, const std::string& database) = 0;

    // ---- for requests ----

    /// Threads for what takes minutes.
    virtual Workers& copiers() = 0;

    virtual std::shared_ptr<ClusterState> state(const BranchId& branch) = 0;
    /// Returns when connections can be made. Throws pg::Unavailable.
    virtual awaitable<> ensure_running(asio::io_context& home, BranchId branch) = 0;

    /// Connects as the service's own role, which owns neon_auth and is no superuser.
    virtual std::string service_conninfo(const BranchId& branch, const std::string& database) const = 0;
    /// Connects as a role that may make schemas; for DDL on databases, roles and schemas only, never for a tenant's tables.
    virtual std::string admin_conninfo(const BranchId& branch, const std::string& database) const = 0;
    /// As admin_conninfo, to a database that is always there: for catalogs that all databases share.
    virtual std::string catalog_conninfo(const BranchId& branch) const = 0;
    /// How requests connect to the branch's database.
    virtual pg::PoolConfig pool_config(const BranchId& branch, const std::string& database) const = 0;

    /// Puts host and options into a connection string to be shown, where they are not those of the endpoint.
    virtual void complete(const BranchId& branch, ConnectionTarget& target) const = 0;

    /// The role of its own that the service has in each database; empty where it shares the role of the connection string.
    virtual std::string_view own_role() const = 0;
    /// What makes, copies and restores databases. None where they are made by others and attached.
    virtual Clusters* maker() { return nullptr; }
    bool makes_databases() { return maker() != nullptr; }
    Underway& underway() { return underway_; }

private:
    Underway underway_;
};
}  // namespace argon::branches
