// Endpoints made, changed, removed, started and stopped, with the ports and servers behind them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/engine.hpp"
#include "branches/operation_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec endpoint_not_found{404, "", "endpoint not found"};
inline constexpr ErrorSpec endpoint_exists{409, "", "the branch has a read_write endpoint already"};
inline constexpr ErrorSpec endpoint_disabled{422, "", "the endpoint is disabled; enable it first"};
}  // namespace errors

struct ChangedEndpoint {
    Endpoint endpoint;
    std::vector<Operation> operations;
};

/// The branch's read_write endpoint. One that came with the branch is handed out, changed as asked.
awaitable<Result<ChangedEndpoint>> create_endpoint(Engine engine, ProjectId project, BranchId branch, EndpointChanges options);
/// Disabling closes the port and stops the database; the auth service of the branch is not to be found meanwhile.
awaitable<Result<ChangedEndpoint>> change_endpoint(Engine engine, ProjectId project, EndpointId id, EndpointChanges changes);
/// The branch stays, with nothing that leads to it until another endpoint is made.
awaitable<Result<ChangedEndpoint>> remove_endpoint(Engine engine, ProjectId project, EndpointId id);

awaitable<Result<ChangedEndpoint>> start_endpoint(Engine engine, ProjectId project, EndpointId id);
/// Ends all connections. The next one, or the next request to the auth service, starts it again.
awaitable<Result<ChangedEndpoint>> suspend_endpoint(Engine engine, ProjectId project, EndpointId id);
awaitable<Result<ChangedEndpoint>> restart_endpoint(Engine engine, ProjectId project, EndpointId id);
}  // namespace argon::branches
