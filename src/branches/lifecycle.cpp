#include "branches/lifecycle.hpp"

#include <chrono>

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/branching.hpp"
#include "branches/each_apart.hpp"
#include "branches/new_ids.hpp"
#include "branches/operation_records.hpp"
#include "branches/role_password.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {
constexpr ErrorSpec project_gone{404, "", "project not found"};

/// All rows of a project on its way, the branch in state `init` and the operations running.
awaitable<CreatedProject> insert_rows(const Engine& engine, const NewProject& request, const BranchId& branch) {
    CreatedProject made;
    const auto draft = make_project(request);
    made.password = make_role_password();
    std::optional<std::string> sealed;
    if (request.store_passwords) sealed = seal_role_password(engine.master_key, branch, request.role_name, made.password);

    auto tx = co_await engine.control.begin();
    made.project = co_await insert_project(tx, draft);
    made.branch = co_await insert_default_branch(tx, draft.id, branch, request.branch_name);
    made.role = co_await insert_role(tx, branch, request.role_name, sealed);
    made.database = co_await insert_database(tx, branch, request.database_name, request.role_name);
    const NewEndpoint endpoint{.id = make_endpoint_id(),
                               .project_id = draft.id,
                               .branch_id = branch,
                               .suspend_timeout_seconds = request.suspend_timeout_seconds,
                               .compute = request.compute};
    made.endpoint = co_await insert_endpoint(tx, endpoint);
    const NewOperation create{draft.id, branch, std::nullopt, "create_timeline"};
    made.operations.push_back(co_await insert_running_operation(tx, create));
    const NewOperation start{draft.id, branch, endpoint.id, "start_compute"};
    made.operations.push_back(co_await insert_running_operation(tx, start));
    co_await tx.commit();
    co_return made;
}

/// Why it could not be made, for the operator; nothing when the cluster runs.
awaitable<std::optional<std::string>> make_cluster(const Engine& engine, const CreatedProject& made) {
    const NewCluster contents{made.role.name, made.password, made.database.name};
    try {
        co_await engine.workers.run(engine.home, [&engine, &made, contents] {
            engine.compute.create(made.branch.id, contents);
            engine.proxy.open(made.branch.id, made.endpoint.port);
        });
        co_return std::nullopt;
    } catch (const SetupError& error) {
        log::error("a project could not be created", {{"project", made.project.id.value}, {"reason", error.what()}});
        co_return error.what();
    } catch (const std::exception& error) {
        log::error("a project could not be created", {{"project", made.project.id.value}, {"reason", error.what()}});
    }
    co_return "an internal error, see the log";
}

awaitable<> discard(const Engine& engine, const CreatedProject& made, const std::string& reason) {
    co_await remove_cluster(engine, made.branch.id);
    auto tx = co_await engine.control.begin();
    co_await delete_project_row(tx, made.project.id);
    for (const auto& operation : made.operations) co_await fail_operation(tx, operation.id, reason);
    co_await tx.commit();
}

constexpr pg::Statement select_unfinished{"branches.list_unfinished", "SELECT id FROM argonauth.branch WHERE state <> 'ready'"};
constexpr pg::Statement lock_unfinished{"branches.lock_unfinished",
                                        "SELECT project_id FROM argonauth.branch WHERE id = $1 AND state <> 'ready' FOR UPDATE"};
constexpr pg::Statement delete_empty_project{
    "branches.delete_empty_project",
    "DELETE FROM argonauth.project p WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id)"};

awaitable<> remove_leftover(const Engine& engine, const BranchId& branch) {
    const auto mark = engine.compute.underway().mark_alone(branch);
    if (!mark) co_return;
    auto tx = co_await engine.control.begin();
    // Only now is it certain that nobody finished it since the list was read.
    const auto locked = co_await tx.query(lock_unfinished, branch);
    const auto project = locked.maybe<ProjectId>();
    if (!project) co_return;
    co_await remove_cluster(engine, branch);
    co_await end_operations(tx, branch, "the control database went away before this was done");
    co_await delete_branch_row(tx, branch);
    co_await tx.query(delete_empty_project, *project);
    co_await tx.commit();
    log::warn("removed a branch that was not finished", {{"branch", branch.value}});
}

/// Where a branch's cluster is that is not in the directory of its own name.
struct Place {
    BranchId branch;
    std::string cluster;

    static void columns(auto& column, auto& place) { column(place.branch)(place.cluster); }
};

/// The lock keeps a branch from being added in the same moment.
awaitable<std::vector<BranchId>> retire_branches(const Engine& engine, const ProjectId& project) {
    auto tx = co_await engine.control.begin();
    co_await lock_project(tx, project);
    auto retired = co_await set_branches_deleting(tx, project);
    co_await tx.commit();
    co_return retired;
}

awaitable<> announce(const Engine& engine, CreatedProject& made, std::chrono::milliseconds duration) {
    auto tx = co_await engine.control.begin();
    made.branch = co_await set_branch_ready(tx, made.branch.id);
    for (auto& operation : made.operations) operation = co_await finish_operation(tx, operation.id, duration);
    co_await tx.commit();
}
}  // namespace

Project make_project(const NewProject& request) {
    Project project;
    project.id = make_project_id();
    project.name = request.name.empty() ? project.id.value : request.name;
    project.region_id = request.region_id;
    project.provisioner = request.provisioner;
    project.pg_version = postgres_version;
    project.owner_id = request.owner_id;
    project.store_passwords = request.store_passwords;
    project.history_retention_seconds = request.history_retention_seconds;
    project.settings = request.settings;
    project.default_endpoint_settings = request.default_endpoint_settings;
    return project;
}

awaitable<Result<CreatedProject>> create_project(Engine engine, NewProject request) {
    const auto started = std::chrono::steady_clock::now();
    const auto branch = make_branch_id();
    const auto mark = engine.compute.underway().mark(branch);
    auto made = co_await insert_rows(engine, request, branch);
    const auto problem = co_await make_cluster(engine, made);
    if (problem) {
        co_await discard(engine, made, *problem);
        co_return put_off("the project could not be created", *problem);
    }
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    co_await announce(engine, made, duration);
    log::info("project created", {{"project", made.project.id.value}, {"branch", made.branch.id.value}, {"duration_ms", duration.count()}});
    co_return made;
}

awaitable<Result<>> delete_project(Engine engine, ProjectId project) {
    const auto started = std::chrono::steady_clock::now();
    const auto removed = co_await retire_branches(engine, project);
    if (removed.empty()) co_return refuse(project_gone);
    // Whoever makes or restores one of them finds out that it is not wanted, and clears up.
    std::vector<Underway::Mark> marks;
    for (const auto& branch : removed) {
        auto mark = co_await claim_branch(engine, branch);
        marks.push_back(std::move(mark));
    }
    for (const auto& branch : removed) {
        engine.registry.invalidate(branch);
        co_await remove_cluster(engine, branch);
    }
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    auto tx = co_await engine.control.begin();
    for (const auto& branch : removed) {
        const NewOperation operation{project, branch, std::nullopt, "delete_timeline"};
        const auto running = co_await insert_running_operation(tx, operation);
        co_await finish_operation(tx, running.id, duration);
    }
    co_await delete_project_row(tx, project);
    co_await tx.commit();
    log::info("project deleted", {{"project", project.value}});
    co_return Result<>{};
}

awaitable<> remove_leftovers(Engine engine) {
    if (!engine.compute.makes_databases()) co_return;
    const auto rows = co_await engine.control.query(select_unfinished);
    co_await each_apart(rows.all<BranchId>(), [&engine](const BranchId& branch) { return remove_leftover(engine, branch); });
}

void recover_unfinished(pg::Session& control, Clusters& clusters) {
    const auto places = control.query("SELECT id, cluster FROM argonauth.branch WHERE cluster IS NOT NULL");
    for (const auto& place : places.all<Place>()) clusters.assign(place.branch, place.cluster);

    const auto rows = control.query(R"sql(
        SELECT id FROM argonauth.branch WHERE state <> 'ready'
         UNION SELECT id FROM argonauth.scratch_cluster s WHERE NOT EXISTS (SELECT FROM argonauth.branch b WHERE coalesce(b.cluster, b.id) = s.id))sql");
    for (const auto& branch : rows.all<BranchId>()) {
        log::warn("removing a branch that was not finished", {{"branch", branch.value}});
        clusters.remove(branch);
    }
    control.execute(R"sql(
        BEGIN;
        -- What stays: data that a restore gave to another branch, which is made one of its own by settle_interrupted_restores.
        DELETE FROM argonauth.scratch_cluster s
         WHERE NOT EXISTS (SELECT FROM argonauth.branch b WHERE coalesce(b.cluster, b.id) = s.id AND b.id <> s.branch_id);
        DELETE FROM argonauth.branch WHERE state <> 'ready';
        DELETE FROM argonauth.project p WHERE NOT EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id);
        UPDATE argonauth.operation SET status = 'finished', updated_at = now()
         WHERE status = 'running' AND action IN ('suspend_compute', 'delete_timeline');
        UPDATE argonauth.operation
           SET status = 'failed', error = 'the program ended before this was done', failures_count = failures_count + 1, updated_at = now()
         WHERE status IN ('scheduling', 'running', 'cancelling');
        COMMIT)sql");
}
}  // namespace argon::branches
