// Operations: what was done to a project. The rows outlive the project, because clients poll them after it is gone.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "branches/paging.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Operation {
    std::string id;
    ProjectId project_id;
    std::optional<BranchId> branch_id;
    std::optional<EndpointId> endpoint_id;
    std::string action;
    std::string status;
    std::optional<std::string> error;
    int failures_count = 0;
    int total_duration_ms = 0;
    TimePoint created_at;
    TimePoint updated_at;

    static void columns(auto& column, auto& operation) {
        column(operation.id)(operation.project_id)(operation.branch_id)(operation.endpoint_id)(operation.action)(operation.status);
        column(operation.error)(operation.failures_count)(operation.total_duration_ms)(operation.created_at)(operation.updated_at);
    }
};

struct NewOperation {
    ProjectId project_id;
    std::optional<BranchId> branch_id;
    std::optional<EndpointId> endpoint_id;
    std::string_view action;  ///< of the contract's closed list
};

awaitable<Operation> insert_running_operation(pg::Executor& db, const NewOperation& operation);
awaitable<Operation> finish_operation(pg::Executor& db, const std::string& id, std::chrono::milliseconds duration);
/// Of what is done already: a list of one, as answers have it.
awaitable<std::vector<Operation>> insert_finished_operations(pg::Executor& db, NewOperation operation);
/// Of a branch whose unfinished work is taken back: what deletes is done by that, all else failed for this reason.
awaitable<> end_operations(pg::Executor& db, const BranchId& branch, std::string_view reason);
awaitable<> fail_operation(pg::Executor& db, const std::string& id, const std::string& error);

/// Asks for no project: see above.
awaitable<std::optional<Operation>> find_operation(pg::Executor& db, const ProjectId& project, const std::string& id);
awaitable<Page<Operation>> list_operations(pg::Executor& db, const ProjectId& project, const PageRequest& page);
}  // namespace argon::branches
