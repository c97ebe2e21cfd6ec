// The databases of attached mode: run by others, known by their connection strings. What is known of them is kept in memory and read
// anew when the control database tells of a change.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/workers.hpp"
#include "branches/attachment_records.hpp"
#include "branches/compute.hpp"
#include "crypto/secret_key.hpp"
#include "pg/locator.hpp"

namespace argon::branches {

struct AttachedConfig {
    std::string ca_file;  ///< authorities of the databases' certificates; empty: the system's
};

class AttachedDatabases : public Compute {
public:
    /// `control` gives the calling I/O thread's connections to the control database.
    AttachedDatabases(std::function<pg::Executor&()> control, const crypto::MasterKey& master_key, AttachedConfig config);

    /// Reads the connection string of one branch, or of all with an empty id, as they are now.
    awaitable<> reload(BranchId branch);

    void create(const BranchId& branch, const NewCluster& contents) override;
    void remove(const BranchId& branch) override;
    void start(const BranchId&) override {}
    void stop(const BranchId&) override {}
    void tend() override {}
    DatabaseFacts probe(const pg::Conninfo& info) const override;
    DumpSource dump_source(const BranchId& branch, const std::string& database) override;

    Workers& copiers() override { return copiers_; }
    std::shared_ptr<ClusterState> state(const BranchId& branch) override;
    awaitable<> ensure_running(asio::io_context& home, BranchId branch) override;
    std::string service_conninfo(const BranchId& branch, const std::string& database) const override;
    std::string admin_conninfo(const BranchId& branch, const std::string& database) const override { return service_conninfo(branch, database); }
    std::string catalog_conninfo(const BranchId& branch) const override;
    pg::PoolConfig pool_config(const BranchId& branch, const std::string& database) const override;
    void complete(const BranchId& branch, ConnectionTarget& target) const override;
    std::string_view own_role() const override { return {}; }

private:
    struct Entry;
    std::shared_ptr<Entry> find(const BranchId& branch) const;
    std::shared_ptr<Entry> find_or_add(const BranchId& branch);
    std::shared_ptr<pg::Locator> locator(const BranchId& branch) const;
    std::shared_ptr<pg::Locator> make_locator(pg::Conninfo info) const;
    void take(const Attachment& attachment);
    void look_up_behind(const std::shared_ptr<Entry>& entry, std::shared_ptr<pg::Locator> locator);

    std::function<pg::Executor&()> control_;
    const crypto::MasterKey& master_key_;
    AttachedConfig config_;
    mutable std::mutex mutex_;
    std::map<BranchId, std::shared_ptr<Entry>> entries_;
    Workers copiers_{1};
    mutable Workers resolvers_{2};  // last, so that what they work on outlives them
};
}  // namespace argon::branches
