#include "branches/endpoint_records.hpp"

#include "branches/free_port.hpp"
#include "pg/errors.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_endpoint{"branches.find_endpoint", R"sql(
    SELECT e.id, e.project_id, e.branch_id, e.type, e.name, e.port, e.suspend_timeout_seconds, e.disabled, e.settings, e.created_at, e.updated_at, e.implicit,
           e.min_compute_millis, e.max_compute_millis, e.region_id, e.provisioner
      FROM argonauth.endpoint e JOIN argonauth.branch b ON b.id = e.branch_id AND b.state = 'ready'
     WHERE e.id = $1 AND e.project_id = $2)sql"};

constexpr pg::Statement select_main_endpoint{"branches.find_main_endpoint", R"sql(
    SELECT id, project_id, branch_id, type, name, port, suspend_timeout_seconds, disabled, settings, created_at, updated_at, implicit,
           min_compute_millis, max_compute_millis, region_id, provisioner
      FROM argonauth.endpoint WHERE branch_id = $1 AND type = 'read_write' ORDER BY created_at, id LIMIT 1)sql"};

constexpr pg::Statement select_project_endpoints{"branches.list_project_endpoints", R"sql(
    SELECT e.id, e.project_id, e.branch_id, e.type, e.name, e.port, e.suspend_timeout_seconds, e.disabled, e.settings, e.created_at, e.updated_at, e.implicit,
           e.min_compute_millis, e.max_compute_millis, e.region_id, e.provisioner
      FROM argonauth.endpoint e JOIN argonauth.branch b ON b.id = e.branch_id AND b.state = 'ready'
     WHERE e.project_id = $1 ORDER BY e.created_at, e.id)sql"};

constexpr pg::Statement select_branch_endpoints{"branches.list_branch_endpoints", R"sql(
    SELECT id, project_id, branch_id, type, name, port, suspend_timeout_seconds, disabled, settings, created_at, updated_at, implicit,
           min_compute_millis, max_compute_millis, region_id, provisioner
      FROM argonauth.endpoint WHERE branch_id = $1 ORDER BY created_at, id)sql"};

// Spread by chance, so that several servers on one machine seldom want the same port; below the range of outgoing connections.
constexpr pg::Statement select_free_ports{"branches.list_free_ports", R"sql(
    SELECT p.port
      FROM generate_series(5500, 14999) AS p (port)
     WHERE NOT EXISTS (SELECT 1 FROM argonauth.endpoint e WHERE e.port = p.port)
     ORDER BY random() LIMIT 32)sql"};

constexpr pg::Statement insert_endpoint_row{"branches.insert_endpoint", R"sql(
    INSERT INTO argonauth.endpoint (id, project_id, branch_id, port, suspend_timeout_seconds, implicit, settings, min_compute_millis, max_compute_millis,
                                    region_id, provisioner)
    SELECT $1, p.id, $3, $4, $5, $6, coalesce($7::jsonb, '{}'), least(coalesce($8::integer, 250), $9::integer),
           greatest(coalesce($9::integer, 250), $8::integer), p.region_id, coalesce($10, p.provisioner)
      FROM argonauth.project p WHERE p.id = $2
    ON CONFLICT (port) WHERE port > 0 DO NOTHING
    RETURNING id, project_id, branch_id, type, name, port, suspend_timeout_seconds, disabled, settings, created_at, updated_at, implicit,
              min_compute_millis, max_compute_millis, region_id, provisioner)sql"};

constexpr pg::Statement update_endpoint_row{"branches.update_endpoint", R"sql(
    UPDATE argonauth.endpoint
       SET name = coalesce($2, name), suspend_timeout_seconds = coalesce($3, suspend_timeout_seconds), disabled = coalesce($4, disabled),
           settings = settings || coalesce($5::jsonb, '{}'), implicit = false,
           min_compute_millis = least(coalesce($6::integer, min_compute_millis), $7::integer),
           max_compute_millis = greatest(coalesce($7::integer, max_compute_millis), $6::integer), provisioner = coalesce($8, provisioner),
           updated_at = now()
     WHERE id = $1
    RETURNING id, project_id, branch_id, type, name, port, suspend_timeout_seconds, disabled, settings, created_at, updated_at, implicit,
              min_compute_millis, max_compute_millis, region_id, provisioner)sql"};

constexpr pg::Statement delete_endpoint_row{"branches.delete_endpoint", "DELETE FROM argonauth.endpoint WHERE id = $1"};
}  // namespace

awaitable<std::optional<Endpoint>> find_endpoint(pg::Executor& db, const ProjectId& project, const EndpointId& id) {
    const auto rows = co_await db.query(select_endpoint, id, project);
    co_return rows.maybe<Endpoint>();
}

awaitable<std::optional<Endpoint>> find_main_endpoint(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_main_endpoint, branch);
    co_return rows.maybe<Endpoint>();
}

awaitable<Result<Endpoint>> require_main_endpoint(pg::Executor& db, const BranchId& branch) {
    auto endpoint = co_await find_main_endpoint(db, branch);
    if (!endpoint) co_return refuse(errors::no_endpoint);
    co_return std::move(*endpoint);
}

awaitable<std::vector<Endpoint>> list_project_endpoints(pg::Executor& db, const ProjectId& project) {
    const auto rows = co_await db.query(select_project_endpoints, project);
    co_return rows.all<Endpoint>();
}

awaitable<std::vector<Endpoint>> list_branch_endpoints(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_branch_endpoints, branch);
    co_return rows.all<Endpoint>();
}

awaitable<Endpoint> insert_endpoint(pg::Executor& db, const NewEndpoint& endpoint) {
    const auto free_rows = co_await db.query(select_free_ports);
    for (const auto port : free_rows.all<std::uint16_t>()) {
        if (pick_free_port(port) != port) continue;
        // Another project being made may have taken the port since: then no row comes back and the next one is tried.
        const auto rows =
            co_await db.query(insert_endpoint_row, endpoint.id, endpoint.project_id, endpoint.branch_id, port, endpoint.suspend_timeout_seconds,
                              endpoint.implicit, endpoint.settings, endpoint.compute.min_millis, endpoint.compute.max_millis, endpoint.provisioner);
        if (auto inserted = rows.maybe<Endpoint>()) co_return std::move(*inserted);
    }
    throw pg::Unavailable{"no TCP port is free for a new endpoint"};
}

awaitable<std::optional<Endpoint>> update_endpoint(pg::Executor& db, const EndpointId& id, const EndpointChanges& changes) {
    const auto rows = co_await db.query(update_endpoint_row, id, changes.name, changes.suspend_timeout_seconds, changes.disabled, changes.settings,
                                        changes.compute.min_millis, changes.compute.max_millis, changes.provisioner);
    co_return rows.maybe<Endpoint>();
}

awaitable<> delete_endpoint(pg::Executor& db, const EndpointId& id) { co_await db.query(delete_endpoint_row, id); }
}  // namespace argon::branches
