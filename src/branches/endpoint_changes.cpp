#include "branches/endpoint_changes.hpp"

#include "branches/attachment_records.hpp"
#include "branches/auth_lifecycle.hpp"
#include "branches/new_ids.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {
namespace {

/// Makes the port and the server what the row says.
awaitable<> apply(const Engine& engine, const Endpoint& endpoint) {
    engine.compute.state(endpoint.branch_id)->set_suspend_timeout(endpoint.suspend_timeout_seconds);
    engine.registry.invalidate(endpoint.branch_id);
    co_await engine.compute.copiers().run(engine.home, [&engine, &endpoint] {
        const auto& branch = endpoint.branch_id;
        if (endpoint.disabled) {
            engine.proxy.close(branch);
            engine.compute.stop(branch);
        } else if (endpoint.port != 0 && !engine.proxy.is_open(branch)) {
            engine.proxy.open(branch, endpoint.port);
        }
    });
}

awaitable<> stop(const Engine& engine, const BranchId& branch) {
    co_await engine.compute.copiers().run(engine.home, [&engine, &branch] { engine.compute.stop(branch); });
}

awaitable<> start(const Engine& engine, const BranchId& branch) {
    co_await engine.compute.ensure_running(engine.home, branch);
    engine.compute.state(branch)->touch();
}

awaitable<ChangedEndpoint> note(const Engine& engine, Endpoint endpoint, const char* action) {
    const NewOperation operation{endpoint.project_id, endpoint.branch_id, endpoint.id, action};
    auto operations = co_await insert_finished_operations(engine.control, operation);
    co_return ChangedEndpoint{std::move(endpoint), std::move(operations)};
}
}  // namespace

awaitable<Result<ChangedEndpoint>> create_endpoint(Engine engine, ProjectId project, BranchId branch, EndpointChanges options) {
    auto tx = co_await engine.control.begin();
    co_await lock_project(tx, project);
    const auto locked = co_await lock_branch(tx, project, branch);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto existing = co_await find_main_endpoint(tx, branch);
    if (existing && !existing->implicit) co_return refuse(errors::endpoint_exists);
    auto id = existing ? existing->id : make_endpoint_id();
    if (!existing) {
        const NewEndpoint fresh{id, project, branch, 0, false};
        engine.compute.makes_databases() ? co_await insert_endpoint(tx, fresh) : co_await insert_attached_endpoint(tx, fresh);
    }
    auto endpoint = co_await update_endpoint(tx, id, options);
    co_await tx.commit();
    co_await apply(engine, *endpoint);
    co_return co_await note(engine, std::move(*endpoint), "start_compute");
}

awaitable<Result<ChangedEndpoint>> change_endpoint(Engine engine, ProjectId project, EndpointId id, EndpointChanges changes) {
    const auto known = co_await find_endpoint(engine.control, project, id);
    if (!known) co_return refuse(errors::endpoint_not_found);
    auto endpoint = co_await update_endpoint(engine.control, id, changes);
    if (!endpoint) co_return refuse(errors::endpoint_not_found);
    co_await apply(engine, *endpoint);
    co_return co_await note(engine, std::move(*endpoint), "apply_config");
}

awaitable<Result<ChangedEndpoint>> remove_endpoint(Engine engine, ProjectId project, EndpointId id) {
    auto endpoint = co_await find_endpoint(engine.control, project, id);
    if (!endpoint) co_return refuse(errors::endpoint_not_found);
    auto tx = co_await engine.control.begin();
    // Whoever changes roles or databases holds it, and would lose their connection: the server stops when they are done.
    const auto locked = co_await lock_branch(tx, project, endpoint->branch_id);
    if (!locked) co_return refuse(errors::endpoint_not_found);
    co_await delete_endpoint(tx, id);
    endpoint->disabled = true;
    co_await apply(engine, *endpoint);
    co_await tx.commit();
    engine.registry.invalidate(endpoint->branch_id);
    co_return co_await note(engine, std::move(*endpoint), "suspend_compute");
}

awaitable<Result<ChangedEndpoint>> start_endpoint(Engine engine, ProjectId project, EndpointId id) {
    auto endpoint = co_await find_endpoint(engine.control, project, id);
    if (!endpoint) co_return refuse(errors::endpoint_not_found);
    if (endpoint->disabled) co_return refuse(errors::endpoint_disabled);
    co_await start(engine, endpoint->branch_id);
    co_return co_await note(engine, std::move(*endpoint), "start_compute");
}

awaitable<Result<ChangedEndpoint>> suspend_endpoint(Engine engine, ProjectId project, EndpointId id) {
    auto endpoint = co_await find_endpoint(engine.control, project, id);
    if (!endpoint) co_return refuse(errors::endpoint_not_found);
    co_await stop(engine, endpoint->branch_id);
    co_return co_await note(engine, std::move(*endpoint), "suspend_compute");
}

awaitable<Result<ChangedEndpoint>> restart_endpoint(Engine engine, ProjectId project, EndpointId id) {
    auto endpoint = co_await find_endpoint(engine.control, project, id);
    if (!endpoint) co_return refuse(errors::endpoint_not_found);
    if (endpoint->disabled) co_return refuse(errors::endpoint_disabled);
    co_await stop(engine, endpoint->branch_id);
    co_await start(engine, endpoint->branch_id);
    co_return co_await note(engine, std::move(*endpoint), "start_compute");
}
}  // namespace argon::branches
