#include "branches/branch_restore.hpp"

#include <chrono>

#include "base/log.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/branching.hpp"
#include "branches/clusters.hpp"
#include "branches/integration_changes.hpp"
#include "branches/new_ids.hpp"
#include "branches/restore_settlement.hpp"
#include "branches/role_password.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {

struct Draft {
    Branch target;
    Restore restore;
    std::optional<AuthIntegration> source_auth;
    std::optional<AuthIntegration> legacy;  ///< of the target
    CopyPlan plan;
    std::vector<Operation> operations;
    Underway::Mark preserved_mark;  ///< nobody removes the branch that keeps the former data before it has them
};

awaitable<std::optional<ErrorSpec>> find_obstacle(pg::Executor& db, const Branch& target, const RestoreRequest& request) {
    if (request.source == target.id) co_return errors::source_is_target;
    if (target.is_protected) co_return errors::protected_is_kept;
    if (request.preserve_under_name) {
        const bool taken = co_await is_name_taken(db, target.project_id, *request.preserve_under_name, BranchId{});
        if (taken) co_return errors::branch_name_taken;
        co_return std::nullopt;
    }
    const bool parent = co_await has_children(db, target.id);
    if (parent) co_return errors::children_need_backup;
    co_return std::nullopt;
}

/// Roles that the target has keep their passwords, or its connection strings would change.
awaitable<> keep_passwords(const Engine& engine, pg::Executor& db, const BranchId& target, CopyPlan& plan) {
    const auto roles = co_await list_roles(db, target);
    for (const auto& role : roles) {
        if (role.sealed_password) {
            plan.passwords.emplace(role.name, open_role_password(engine.master_key, target, role.name, *role.sealed_password));
        }
    }
}

awaitable<Result<Draft>> insert_rows(const Engine& engine, const Project& project, const BranchId& id, const RestoreRequest& request) {
    Draft draft;
    auto tx = co_await engine.control.begin();
    auto target = co_await lock_branch(tx, project.id, id);
    if (!target) co_return refuse(errors::branch_not_found);
    const auto source = co_await find_branch(tx, project.id, request.source);
    if (!source) co_return refuse(errors::source_not_found);
    const auto obstacle = co_await find_obstacle(tx, *target, request);
    if (obstacle) co_return refuse(*obstacle);

    draft.restore = {.copy = make_branch_id(), .target = id};
    co_await note_cluster(tx, draft.restore, draft.restore.copy.value);
    const NewOperation restore{project.id, id, std::nullopt, "create_branch"};
    draft.operations.push_back(co_await insert_running_operation(tx, restore));
    const NewOperation apply{project.id, id, std::nullopt, "apply_config"};
    draft.operations.push_back(co_await insert_running_operation(tx, apply));
    draft.source_auth = co_await find_integration(tx, request.source);
    const auto endpoint = co_await find_main_endpoint(tx, id);
    if (endpoint) draft.plan.endpoint = endpoint->id;
    if (draft.source_auth && !is_legacy(*draft.source_auth)) draft.plan.auth_database = draft.source_auth->database_name;
    const auto target_auth = co_await find_integration(tx, id);
    if (target_auth && is_legacy(*target_auth)) {
        draft.legacy = target_auth;
        draft.plan.legacy_database = target_auth->database_name;
    }
    co_await keep_passwords(engine, tx, id, draft.plan);
    co_await tx.commit();
    draft.target = std::move(*target);
    co_return draft;
}

struct Outcome {
    CopiedContents contents;
    std::optional<std::string> problem;
};

/// Passwords that nobody stored, or that were changed with SQL, are kept too.
std::map<std::string, Secret<>> verifiers_of(const Engine& engine, const BranchId& branch) {
    engine.compute.start(branch);
    pg::Session admin{engine.compute.admin_conninfo(branch, "postgres")};
    return read_verifiers(admin);
}

/// The copy does not run when this returns or throws: it is to run as the target.
CopiedContents copy_for(const Engine& engine, Draft& draft, const BranchId& source) {
    auto& clusters = *engine.compute.maker();
    const auto& copy = draft.restore.copy;
    try {
        draft.plan.verifiers = verifiers_of(engine, draft.target.id);
        auto contents = make_copy(engine, source, copy, draft.plan);
        clusters.forget(copy);
        return contents;
    } catch (...) {
        clusters.remove(copy);
        throw;
    }
}

awaitable<Outcome> copy_source(const Engine& engine, Draft& draft, const BranchId& source) {
    Outcome outcome;
    try {
        outcome.contents = co_await engine.compute.copiers().run(engine.home, [&engine, &draft, &source] { return copy_for(engine, draft, source); });
        co_return outcome;
    } catch (const SetupError& error) {
        outcome.problem = error.what();
    } catch (const std::exception& error) {
        log::error("the copy of a branch failed", {{"branch", source.value}, {"reason", error.what()}});
        outcome.problem = "an internal error, see the log";
    }
    co_return outcome;
}

awaitable<> discard(const Engine& engine, const Draft& draft, const std::string& reason) {
    co_await settle_restore(engine, draft.restore);
    for (const auto& operation : draft.operations) co_await fail_operation(engine.control, operation.id, reason);
}

/// The branch that keeps the data: its own endpoint, the passwords that the data have, sealed for their new place.
awaitable<> insert_preserved(const Engine& engine, pg::Executor& db, const Branch& target, const BranchId& id, const std::string& name,
                             const std::string& cluster) {
    co_await insert_preserved_branch(db, id, target, name, cluster);
    const NewEndpoint endpoint{make_endpoint_id(), target.project_id, id, 0, true};
    co_await insert_endpoint(db, endpoint);
    const auto roles = co_await list_roles(db, target.id);
    for (const auto& role : roles) {
        std::optional<std::string> sealed;
        if (role.sealed_password) {
            const auto password = open_role_password(engine.master_key, target.id, role.name, *role.sealed_password);
            sealed = seal_role_password(engine.master_key, id, role.name, password);
        }
        co_await insert_role(db, id, role.name, sealed);
    }
    const auto databases = co_await list_databases(db, target.id);
    for (const auto& database : databases) co_await insert_database(db, id, database.name, database.owner_name);
    const auto auth = co_await find_integration(db, target.id);
    if (auth && !is_legacy(*auth)) co_await insert_integration(db, id, auth->auth_provider, auth->database_name);
}

/// Roles, databases and auth of the target as the copy has them.
awaitable<> replace_contents(const Engine& engine, pg::Executor& db, const Project& project, const Draft& draft, const CopiedContents& contents) {
    const auto& id = draft.target.id;
    co_await delete_contents(db, id);
    co_await insert_copied_roles(engine, db, project, id, contents);
    co_await insert_copied_databases(db, id, contents);
    // The apps of a legacy project go on with the keys that they have, as long as its users are in what comes back.
    if (draft.legacy && contents.has_legacy) co_return;
    if (draft.legacy) co_await delete_legacy_integration(db, id);
    co_await delete_integration(db, id);
    if (contents.has_auth) co_await insert_integration(db, id, draft.source_auth->auth_provider, draft.source_auth->database_name);
}

awaitable<Result<Branch>> exchange(const Engine& engine, const Project& project, Draft& draft, const RestoreRequest& request,
                                   const CopiedContents& contents, std::vector<Operation>& operations, std::chrono::milliseconds duration) {
    const auto& id = draft.target.id;
    auto tx = co_await engine.control.begin();
    co_await lock_project(tx, project.id);
    const auto target = co_await lock_branch(tx, project.id, id);
    if (!target) co_return refuse(errors::branch_not_found);
    const auto obstacle = co_await find_obstacle(tx, *target, request);
    if (obstacle) co_return refuse(*obstacle);
    const auto former = co_await get_cluster_name(tx, id);
    co_await note_cluster(tx, draft.restore, former);
    std::optional<BranchId> preserved;
    if (request.preserve_under_name) {
        preserved = make_branch_id();
        draft.preserved_mark = engine.compute.underway().mark(*preserved);
        co_await insert_preserved(engine, tx, *target, *preserved, *request.preserve_under_name, former);
    }
    co_await replace_contents(engine, tx, project, draft, contents);
    const Restored restored{draft.restore.copy.value, request.source, preserved};
    auto branch = co_await set_branch_restored(tx, id, restored);
    for (auto& operation : operations) operation = co_await finish_operation(tx, operation.id, duration);
    co_await tx.commit();
    co_return branch;
}
}  // namespace

awaitable<Result<ChangedBranch>> restore_branch(Engine engine, Project project, BranchId id, RestoreRequest request) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    const auto started = std::chrono::steady_clock::now();
    // Until the clusters are where the rows say: another restore, or the end of the branch, comes before or after.
    const auto mark = co_await claim_branch(engine, id);
    auto draft = co_await insert_rows(engine, project, id, request);
    if (!draft) co_return std::unexpected(draft.error());
    const auto copied = co_await copy_source(engine, *draft, request.source);
    if (copied.problem) {
        co_await discard(engine, *draft, *copied.problem);
        co_return put_off("the branch could not be restored", *copied.problem);
    }
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    auto restored = co_await exchange(engine, project, *draft, request, copied.contents, draft->operations, duration);
    if (!restored) {
        co_await discard(engine, *draft, std::string{restored.error().message()});
        co_return std::unexpected(restored.error());
    }
    co_await settle_restore(engine, draft->restore);
    log::info("branch restored", {{"branch", id.value}, {"from", request.source.value}, {"duration_ms", duration.count()}});
    co_return ChangedBranch{std::move(*restored), std::move(draft->operations)};
}
}  // namespace argon::branches
