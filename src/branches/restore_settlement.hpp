// What is left to do with the clusters when the transaction of a restore is over, read from the rows alone: so one function finishes a
// restore, takes a failed one back, and mends one that a fault of the control database interrupted.
#pragma once

#include <string>

#include "base/async.hpp"
#include "base/ids.hpp"
#include "branches/engine.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

/// A restore is known by the copy that it makes, which is a cluster without a branch until the target has it.
struct Restore {
    BranchId copy;
    BranchId target;

    static void columns(auto& column, auto& restore) { column(restore.copy)(restore.target); }
};

/// Notes a cluster that the restore makes or replaces. `tx` is a transaction: what is not noted before it is made, nobody would remove.
awaitable<> note_cluster(pg::Executor& tx, const Restore& restore, const std::string& cluster);

/// The target runs from the cluster that its row names, a branch that kept the former data from those, and what no row names is removed.
/// To be called under the target's mark. Throws when the control database is away or a cluster does not start; then the next
/// settle_interrupted_restores does it.
awaitable<> settle_restore(const Engine& engine, const Restore& restore);

/// Settles what nobody is at. Throws when one of them cannot be settled, after all others.
awaitable<> settle_interrupted_restores(Engine engine);
}  // namespace argon::branches
