#include "branches/restore_settlement.hpp"

#include <optional>
#include <vector>

#include "base/log.hpp"
#include "branches/branch_records.hpp"
#include "branches/clusters.hpp"
#include "branches/copy_contents.hpp"
#include "branches/each_apart.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/integration_records.hpp"
#include "branches/operation_records.hpp"

namespace argon::branches {
namespace {
// The former cluster of one restore can be the copy of an earlier one that is not settled yet: the later restore takes care of it.
constexpr pg::Statement insert_noted{"branches.note_cluster", R"sql(
    INSERT INTO argonauth.scratch_cluster (id, restore_id, branch_id) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET restore_id = excluded.restore_id, branch_id = excluded.branch_id)sql"};
constexpr pg::Statement select_noted{"branches.list_noted_clusters", R"sql(
    SELECT s.id, b.id FROM argonauth.scratch_cluster s LEFT JOIN argonauth.branch b ON coalesce(b.cluster, b.id) = s.id WHERE s.restore_id = $1)sql"};
constexpr pg::Statement delete_noted{"branches.delete_noted_clusters", "DELETE FROM argonauth.scratch_cluster WHERE restore_id = $1"};
constexpr pg::Statement lock_place{"branches.lock_cluster_name", "SELECT coalesce(cluster, id) FROM argonauth.branch WHERE id = $1 FOR UPDATE"};
constexpr pg::Statement select_unsettled{"branches.list_unsettled_restores",
                                         "SELECT DISTINCT restore_id, branch_id FROM argonauth.scratch_cluster WHERE restore_id IS NOT NULL"};

struct NotedCluster {
    std::string name;
    std::optional<BranchId> holder;

    static void columns(auto& column, auto& cluster) { column(cluster.name)(cluster.holder); }
};

/// The branch that has the former data, with what makes it one of its own.
struct Keeper {
    BranchId branch;
    std::string cluster;
    Endpoint endpoint;
    std::optional<std::string> auth_database;
};

awaitable<std::optional<Keeper>> find_keeper(pg::Executor& db, const BranchId& branch, const std::string& cluster) {
    const auto endpoint = co_await find_main_endpoint(db, branch);
    if (!endpoint) co_return std::nullopt;
    const auto auth = co_await find_integration(db, branch);
    Keeper keeper{branch, cluster, *endpoint, {}};
    if (auth && !is_legacy(*auth)) keeper.auth_database = auth->database_name;
    co_return keeper;
}

struct Settlement {
    std::optional<std::string> place;  ///< of the target's data; nothing when somebody deleted it
    std::vector<std::string> unused;
    std::optional<Keeper> keeper;
};

awaitable<Settlement> read_settlement(pg::Executor& tx, const Restore& restore) {
    Settlement settlement;
    const auto place = co_await tx.query(lock_place, restore.target);
    settlement.place = place.maybe<std::string>();
    const auto noted = co_await tx.query(select_noted, restore.copy);
    for (const auto& cluster : noted.all<NotedCluster>()) {
        if (!cluster.holder) settlement.unused.push_back(cluster.name);
        if (cluster.holder && *cluster.holder != restore.target) settlement.keeper = co_await find_keeper(tx, *cluster.holder, cluster.name);
    }
    co_return settlement;
}

/// The name of a branch that no one has, to remove a cluster through.
void remove_unused(Clusters& clusters, const std::string& cluster) {
    const BranchId nobody{"unused-" + cluster};
    clusters.assign(nobody, cluster);
    clusters.remove(nobody);
}

void start_keeper(const Engine& engine, Clusters& clusters, const Keeper& keeper) {
    clusters.assign(keeper.branch, keeper.cluster);
    clusters.start(keeper.branch);
    const CopyPlan plan{.endpoint = keeper.endpoint.id, .auth_database = keeper.auth_database};
    if (keeper.auth_database) prepare_auth(clusters, keeper.branch, plan);
    engine.proxy.open(keeper.branch, keeper.endpoint.port);
}

void move_clusters(const Engine& engine, const BranchId& target, const Settlement& settlement) {
    auto& clusters = *engine.compute.maker();
    if (settlement.place) {
        clusters.assign(target, *settlement.place);
        clusters.start(target);
    }
    for (const auto& cluster : settlement.unused) remove_unused(clusters, cluster);
    if (settlement.keeper) start_keeper(engine, clusters, *settlement.keeper);
}

awaitable<> settle_interrupted(const Engine& engine, const Restore& restore) {
    const auto mark = engine.compute.underway().mark_alone(restore.target);
    if (!mark) co_return;
    // First, for settling is tried again until it is done.
    co_await end_operations(engine.control, restore.target, "the control database went away before this was done");
    co_await settle_restore(engine, restore);
    log::warn("settled an interrupted restore", {{"branch", restore.target.value}});
}
}  // namespace

awaitable<> note_cluster(pg::Executor& tx, const Restore& restore, const std::string& cluster) {
    co_await tx.query(insert_noted, cluster, restore.copy, restore.target);
}

awaitable<> settle_restore(const Engine& engine, const Restore& restore) {
    auto tx = co_await engine.control.begin();
    const auto settlement = co_await read_settlement(tx, restore);
    engine.registry.invalidate(restore.target);
    co_await engine.compute.copiers().run(engine.home, [&engine, &restore, &settlement] { move_clusters(engine, restore.target, settlement); });
    engine.registry.invalidate(restore.target);
    co_await tx.query(delete_noted, restore.copy);
    co_await tx.commit();
}

awaitable<> settle_interrupted_restores(Engine engine) {
    if (!engine.compute.makes_databases()) co_return;
    const auto rows = co_await engine.control.query(select_unsettled);
    co_await each_apart(rows.all<Restore>(), [&engine](const Restore& restore) { return settle_interrupted(engine, restore); });
}
}  // namespace argon::branches
