#include "branches/operation_records.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement insert_operation_row{"branches.insert_operation", R"sql(
    INSERT INTO argonauth.operation (project_id, branch_id, endpoint_id, action, status) VALUES ($1, $2, $3, $4, 'running')
    RETURNING id, project_id, branch_id, endpoint_id, action, status, error, failures_count, total_duration_ms, created_at, updated_at)sql"};

constexpr pg::Statement update_operation_finished{"branches.finish_operation", R"sql(
    UPDATE argonauth.operation SET status = 'finished', total_duration_ms = $2, updated_at = now() WHERE id = $1
    RETURNING id, project_id, branch_id, endpoint_id, action, status, error, failures_count, total_duration_ms, created_at, updated_at)sql"};

constexpr pg::Statement update_operation_failed{"branches.fail_operation", R"sql(
    UPDATE argonauth.operation SET status = 'failed', error = $2, failures_count = failures_count + 1, updated_at = now() WHERE id = $1)sql"};

constexpr pg::Statement update_operations_ended{"branches.end_operations", R"sql(
    UPDATE argonauth.operation SET status = 'finished', updated_at = now()
     WHERE branch_id = $1 AND status = 'running' AND action IN ('suspend_compute', 'delete_timeline'))sql"};
constexpr pg::Statement update_operations_failed{"branches.fail_operations", R"sql(
    UPDATE argonauth.operation SET status = 'failed', error = $2, failures_count = failures_count + 1, updated_at = now()
     WHERE branch_id = $1 AND status = 'running')sql"};

constexpr pg::Statement select_operation{"branches.find_operation", R"sql(
    SELECT id, project_id, branch_id, endpoint_id, action, status, error, failures_count, total_duration_ms, created_at, updated_at
      FROM argonauth.operation WHERE id = $1 AND project_id = $2)sql"};

constexpr pg::Statement select_operations{"branches.list_operations", R"sql(
    SELECT o.id, o.project_id, o.branch_id, o.endpoint_id, o.action, o.status, o.error, o.failures_count, o.total_duration_ms, o.created_at,
           o.updated_at, k.key
      FROM argonauth.operation o
     CROSS JOIN LATERAL (SELECT to_char(o.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') COLLATE "C" AS key) k
     WHERE o.project_id = $1
       AND ($2::text IS NULL OR k.key < $2::text OR (k.key = $2::text AND o.id > $3::uuid))
     ORDER BY k.key DESC, o.id
     LIMIT $4)sql"};
}  // namespace

awaitable<Operation> insert_running_operation(pg::Executor& db, const NewOperation& operation) {
    const auto rows = co_await db.query(insert_operation_row, operation.project_id, operation.branch_id, operation.endpoint_id, operation.action);
    co_return rows.one<Operation>();
}

awaitable<Operation> finish_operation(pg::Executor& db, const std::string& id, std::chrono::milliseconds duration) {
    const auto rows = co_await db.query(update_operation_finished, id, duration.count());
    co_return rows.one<Operation>();
}

awaitable<std::vector<Operation>> insert_finished_operations(pg::Executor& db, NewOperation operation) {
    const auto running = co_await insert_running_operation(db, operation);
    auto finished = co_await finish_operation(db, running.id, std::chrono::milliseconds{0});
    std::vector<Operation> operations;
    operations.push_back(std::move(finished));
    co_return operations;
}

awaitable<> end_operations(pg::Executor& db, const BranchId& branch, std::string_view reason) {
    co_await db.query(update_operations_ended, branch);
    co_await db.query(update_operations_failed, branch, reason);
}

awaitable<> fail_operation(pg::Executor& db, const std::string& id, const std::string& error) {
    co_await db.query(update_operation_failed, id, error);
}

awaitable<std::optional<Operation>> find_operation(pg::Executor& db, const ProjectId& project, const std::string& id) {
    const auto rows = co_await db.query(select_operation, id, project);
    co_return rows.maybe<Operation>();
}

awaitable<Page<Operation>> list_operations(pg::Executor& db, const ProjectId& project, const PageRequest& page) {
    const auto rows = co_await db.query(select_operations, project, page.after_key(), page.after_id(), page.rows());
    co_return make_page(rows.all<Keyed<Operation>>(), page, [](const Operation& operation) { return operation.id; });
}
}  // namespace argon::branches
