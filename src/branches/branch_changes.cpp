#include "branches/branch_changes.hpp"

#include <chrono>

#include "base/log.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/branching.hpp"
#include "branches/each_apart.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {
namespace {

/// Nothing when the change is possible. `expires_at` together with what forbids it may come in one request, or one after the other.
awaitable<std::optional<ErrorSpec>> find_obstacle(pg::Executor& db, const Branch& branch, const BranchChanges& changes) {
    if (changes.name) {
        const bool taken = co_await is_name_taken(db, branch.project_id, *changes.name, branch.id);
        if (taken) co_return errors::branch_name_taken;
    }
    const auto expires_at = changes.changes_expiry ? changes.expires_at : branch.expires_at;
    if (!expires_at) co_return std::nullopt;
    if (changes.is_protected.value_or(branch.is_protected) || branch.is_default) co_return errors::cannot_expire;
    const bool parent = changes.changes_expiry && co_await has_children(db, branch.id);
    if (parent) co_return errors::cannot_expire;
    co_return std::nullopt;
}

awaitable<std::optional<ErrorSpec>> find_reason_to_keep(pg::Executor& db, const Branch& branch) {
    if (branch.is_default) co_return errors::default_is_kept;
    if (branch.is_protected) co_return errors::protected_is_kept;
    const bool parent = co_await has_children(db, branch.id);
    if (parent) co_return errors::children_keep_it;
    co_return std::nullopt;
}

awaitable<> delete_expired(const Engine& engine, const Branch& branch) {
    const auto removed = co_await delete_branch(engine, branch.project_id, branch.id);
    if (removed) log::info("the branch's time has come", {{"branch", branch.id.value}});
}
}  // namespace

awaitable<Result<ChangedBranch>> change_branch(Engine engine, ProjectId project, BranchId id, BranchChanges changes) {
    auto tx = co_await engine.control.begin();
    // One after the other within a project, so that two branches never take one name.
    co_await lock_project(tx, project);
    const auto branch = co_await lock_branch(tx, project, id);
    if (!branch) co_return refuse(errors::branch_not_found);
    const auto obstacle = co_await find_obstacle(tx, *branch, changes);
    if (obstacle) co_return refuse(*obstacle);
    ChangedBranch changed{co_await update_branch(tx, id, changes), {}};
    co_await tx.commit();
    co_return changed;
}

awaitable<Result<ChangedBranch>> make_default(Engine engine, ProjectId project, BranchId id) {
    auto tx = co_await engine.control.begin();
    co_await lock_project(tx, project);
    const auto branch = co_await lock_branch(tx, project, id);
    if (!branch) co_return refuse(errors::branch_not_found);
    if (branch->expires_at) co_return refuse(errors::cannot_expire);
    const auto former = co_await find_default_branch(tx, project);
    ChangedBranch changed{co_await set_default_branch(tx, project, id), {}};
    co_await tx.commit();
    engine.registry.invalidate(id);
    if (former) engine.registry.invalidate(former->id);
    co_return changed;
}

awaitable<Result<ChangedBranch>> delete_branch(Engine engine, ProjectId project, BranchId id) {
    const auto started = std::chrono::steady_clock::now();
    const auto mark = co_await claim_branch(engine, id);
    ChangedBranch removed;
    {
        auto tx = co_await engine.control.begin();
        auto branch = co_await lock_branch(tx, project, id);
        if (!branch) co_return refuse(errors::branch_not_found);
        const auto reason = co_await find_reason_to_keep(tx, *branch);
        if (reason) co_return refuse(*reason);
        co_await set_branch_deleting(tx, id);
        for (const auto* action : {"suspend_compute", "delete_timeline"}) {
            const NewOperation operation{project, id, std::nullopt, action};
            removed.operations.push_back(co_await insert_running_operation(tx, operation));
        }
        co_await tx.commit();
        removed.branch = std::move(*branch);
    }
    engine.registry.invalidate(id);
    co_await remove_cluster(engine, id);

    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    auto tx = co_await engine.control.begin();
    co_await delete_branch_row(tx, id);
    for (auto& operation : removed.operations) operation = co_await finish_operation(tx, operation.id, duration);
    co_await tx.commit();
    log::info("branch deleted", {{"branch", id.value}, {"duration_ms", duration.count()}});
    co_return removed;
}

awaitable<> delete_expired_branches(Engine engine) {
    const auto expired = co_await list_expired_branches(engine.control);
    co_await each_apart(expired, [&engine](const Branch& branch) { return delete_expired(engine, branch); });
}
}  // namespace argon::branches
