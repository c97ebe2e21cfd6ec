#include "branches/branching.hpp"

#include <chrono>

#include "base/log.hpp"
#include "base/sleep.hpp"
#include "branches/clusters.hpp"
#include "branches/new_ids.hpp"
#include "branches/role_password.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {
using Steady = std::chrono::steady_clock;

std::chrono::milliseconds since(Steady::time_point start) { return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start); }

/// A branch on its way: what is decided before anything is copied.
struct Draft {
    BranchId parent;
    std::optional<AuthIntegration> parent_auth;
    CreatedBranch made;
    CopyPlan plan;
    Underway::Mark mark;
};

awaitable<std::optional<Branch>> lock_parent(pg::Executor& db, const ProjectId& project, const std::optional<BranchId>& id) {
    if (id) co_return co_await lock_branch(db, project, *id);
    const auto standard = co_await find_default_branch(db, project);
    if (!standard) co_return std::nullopt;
    co_return co_await lock_branch(db, project, standard->id);
}

bool outlives(const std::optional<TimePoint>& child, const std::optional<TimePoint>& parent) { return parent && (!child || *child > *parent); }

/// The lock on the parent's row keeps it from being deleted before the child's row names it.
awaitable<Result<Draft>> insert_rows(const Engine& engine, const Project& project, const BranchRequest& request) {
    Draft draft;
    auto tx = co_await engine.control.begin();
    co_await lock_project(tx, project.id);
    const auto parent = co_await lock_parent(tx, project.id, request.parent);
    if (!parent) co_return refuse(errors::parent_not_found);
    if (outlives(request.expires_at, parent->expires_at)) co_return refuse(errors::parent_expires);

    const auto id = make_branch_id();
    draft.mark = engine.compute.underway().mark(id);
    const NewBranch row{.id = id,
                        .project_id = project.id,
                        .parent_id = parent->id,
                        .name = request.name.empty() ? id.value : request.name,
                        .init_source = request.schema_only ? "schema-only" : "parent-data",
                        .is_protected = request.is_protected,
                        .expires_at = request.expires_at,
                        .annotation = request.annotation};
    auto branch = co_await insert_branch(tx, row);
    if (!branch) co_return refuse(errors::branch_name_taken);
    draft.parent = parent->id;
    draft.made.branch = std::move(*branch);
    const NewEndpoint endpoint{make_endpoint_id(),
                               project.id,
                               id,
                               request.suspend_timeout_seconds,
                               !request.endpoint_asked,
                               request.endpoint_settings,
                               request.compute,
                               request.endpoint_provisioner};
    draft.made.endpoint = co_await insert_endpoint(tx, endpoint);
    const NewOperation create{project.id, id, std::nullopt, "create_branch"};
    draft.made.operations.push_back(co_await insert_running_operation(tx, create));
    const NewOperation start{project.id, id, endpoint.id, "start_compute"};
    draft.made.operations.push_back(co_await insert_running_operation(tx, start));
    draft.parent_auth = co_await find_integration(tx, parent->id);
    co_await tx.commit();

    draft.plan = {.endpoint = endpoint.id, .schema_only = request.schema_only, .scrub_auth = request.scrub_auth};
    if (draft.parent_auth) (is_legacy(*draft.parent_auth) ? draft.plan.legacy_database : draft.plan.auth_database) = draft.parent_auth->database_name;
    co_return draft;
}

struct Outcome {
    CopiedContents contents;
    std::optional<std::string> problem;  ///< for the operator
};

awaitable<Outcome> copy_parent(const Engine& engine, const Draft& draft) {
    Outcome outcome;
    try {
        outcome.contents = co_await engine.compute.copiers().run(engine.home, [&engine, &draft] {
            auto contents = make_copy(engine, draft.parent, draft.made.branch.id, draft.plan);
            engine.proxy.open(draft.made.branch.id, draft.made.endpoint.port);
            return contents;
        });
        co_return outcome;
    } catch (const SetupError& error) {
        outcome.problem = error.what();
    } catch (const std::exception& error) {
        log::error("the copy of a branch failed", {{"branch", draft.parent.value}, {"reason", error.what()}});
        outcome.problem = "an internal error, see the log";
    }
    log::error("a branch could not be created", {{"branch", draft.made.branch.id.value}, {"reason", *outcome.problem}});
    co_return outcome;
}

awaitable<> discard(const Engine& engine, const Draft& draft, const std::string& reason) {
    co_await remove_cluster(engine, draft.made.branch.id);
    auto tx = co_await engine.control.begin();
    co_await delete_branch_row(tx, draft.made.branch.id);
    for (const auto& operation : draft.made.operations) co_await fail_operation(tx, operation.id, reason);
    co_await tx.commit();
}

/// False when the branch is not wanted any more, because somebody deleted the project.
awaitable<bool> announce(const Engine& engine, const Project& project, Draft& draft, const CopiedContents& contents,
                         std::chrono::milliseconds duration) {
    auto& made = draft.made;
    auto tx = co_await engine.control.begin();
    auto ready = co_await set_copy_ready(tx, made.branch.id);
    if (!ready) co_return false;
    made.branch = std::move(*ready);
    made.roles = co_await insert_copied_roles(engine, tx, project, made.branch.id, contents);
    made.databases = co_await insert_copied_databases(tx, made.branch.id, contents);
    if (contents.has_auth) co_await insert_integration(tx, made.branch.id, draft.parent_auth->auth_provider, draft.parent_auth->database_name);
    for (auto& operation : made.operations) operation = co_await finish_operation(tx, operation.id, duration);
    co_await tx.commit();
    co_return true;
}
}  // namespace

CopiedContents make_copy(const Engine& engine, const BranchId& parent, const BranchId& child, const CopyPlan& plan) {
    engine.compute.maker()->copy(parent, child);
    engine.compute.start(child);
    return prepare_copy(engine.compute, child, plan);
}

awaitable<std::vector<std::pair<Role, std::optional<Secret<>>>>> insert_copied_roles(const Engine& engine, pg::Executor& db, const Project& project,
                                                                                     const BranchId& branch, const CopiedContents& contents) {
    std::vector<std::pair<Role, std::optional<Secret<>>>> roles;
    for (const auto& role : contents.roles) {
        std::optional<std::string> sealed;
        if (role.password && project.store_passwords) sealed = seal_role_password(engine.master_key, branch, role.name, *role.password);
        auto row = co_await insert_role(db, branch, role.name, sealed);
        roles.emplace_back(std::move(row), role.password);
    }
    co_return roles;
}

awaitable<std::vector<Database>> insert_copied_databases(pg::Executor& db, const BranchId& branch, const CopiedContents& contents) {
    std::vector<Database> databases;
    for (const auto& database : contents.databases) databases.push_back(co_await insert_database(db, branch, database.name, database.owner));
    co_return databases;
}

awaitable<> remove_cluster(const Engine& engine, const BranchId& branch) {
    co_await engine.compute.copiers().run(engine.home, [&engine, &branch] {
        engine.proxy.close(branch);
        engine.compute.remove(branch);
    });
}

awaitable<Underway::Mark> claim_branch(const Engine& engine, const BranchId& branch) {
    constexpr std::chrono::milliseconds between_looks{10};
    auto mark = engine.compute.underway().mark_alone(branch);
    while (!mark) {
        co_await sleep(engine.home, between_looks);
        mark = engine.compute.underway().mark_alone(branch);
    }
    co_return std::move(*mark);
}

awaitable<Result<CreatedBranch>> create_branch(Engine engine, Project project, BranchRequest request) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    const auto started = Steady::now();
    auto draft = co_await insert_rows(engine, project, request);
    if (!draft) co_return std::unexpected(draft.error());
    const auto& id = draft->made.branch.id;
    engine.compute.state(id)->set_suspend_timeout(request.suspend_timeout_seconds);
    const auto copied = co_await copy_parent(engine, *draft);
    if (copied.problem) {
        co_await discard(engine, *draft, *copied.problem);
        co_return put_off("the branch could not be created", *copied.problem);
    }
    const auto duration = since(started);
    const bool announced = co_await announce(engine, project, *draft, copied.contents, duration);
    if (!announced) {
        co_await discard(engine, *draft, "the project was deleted meanwhile");
        co_return refuse(errors::project_went_away);
    }
    log::info("branch created", {{"branch", id.value}, {"parent", draft->parent.value}, {"duration_ms", duration.count()}});
    co_return std::move(draft->made);
}
}  // namespace argon::branches
