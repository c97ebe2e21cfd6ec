// Endpoints: the rows of argonauth.endpoint. An endpoint is an address of a branch: a name in URLs and a TCP port for its database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "pg/executor.hpp"

namespace argon::branches {
namespace errors {
inline constexpr ErrorSpec no_endpoint{404, "", "the branch has no endpoint: create one with POST /projects/{project_id}/endpoints"};
}

struct Endpoint {
    EndpointId id;
    ProjectId project_id;
    BranchId branch_id;
    std::string type;
    std::optional<std::string> name;
    std::uint16_t port = 0;
    int suspend_timeout_seconds = 0;  ///< 0 means the program's default, -1 never
    bool disabled = false;
    std::string settings;  ///< JSON object
    TimePoint created_at;
    TimePoint updated_at;
    bool implicit = false;  ///< made with its branch although nobody asked for one
    int min_compute_millis = 0;
    int max_compute_millis = 0;
    std::string region_id;  ///< its project's
    std::string provisioner;

    static void columns(auto& column, auto& endpoint) {
        column(endpoint.id)(endpoint.project_id)(endpoint.branch_id)(endpoint.type)(endpoint.name)(endpoint.port);
        column(endpoint.suspend_timeout_seconds)(endpoint.disabled)(endpoint.settings)(endpoint.created_at)(endpoint.updated_at)(endpoint.implicit);
        column(endpoint.min_compute_millis)(endpoint.max_compute_millis)(endpoint.region_id)(endpoint.provisioner);
    }
};

/// The size of a compute in thousandths of a unit, kept for those who ask. Of two limits that contradict each other the one given wins.
struct ComputeLimits {
    std::optional<int> min_millis;
    std::optional<int> max_millis;
};

struct NewEndpoint {
    EndpointId id;
    ProjectId project_id;
    BranchId branch_id;
    int suspend_timeout_seconds = 0;
    bool implicit = false;
    std::optional<std::string> settings = {};  ///< JSON object
    ComputeLimits compute = {};
    std::optional<std::string> provisioner = {};  ///< nothing: its project's
};

/// What an update changes; empty fields stay as they are.
struct EndpointChanges {
    std::optional<std::string> name;
    std::optional<int> suspend_timeout_seconds;
    std::optional<bool> disabled;
    std::optional<std::string> settings;  ///< JSON object, merged member by member
    ComputeLimits compute = {};
    std::optional<std::string> provisioner = {};
};

awaitable<std::optional<Endpoint>> find_endpoint(pg::Executor& db, const ProjectId& project, const EndpointId& id);
/// The endpoint that writes; a branch has none after it was deleted.
awaitable<std::optional<Endpoint>> find_main_endpoint(pg::Executor& db, const BranchId& branch);
/// As find_main_endpoint; refuses with `no_endpoint` when there is none.
awaitable<Result<Endpoint>> require_main_endpoint(pg::Executor& db, const BranchId& branch);
awaitable<std::vector<Endpoint>> list_project_endpoints(pg::Executor& db, const ProjectId& project);
awaitable<std::vector<Endpoint>> list_branch_endpoints(pg::Executor& db, const BranchId& branch);
/// Chooses the port: one from 5500 to 14999 that no endpoint has and nobody listens on.
awaitable<Endpoint> insert_endpoint(pg::Executor& db, const NewEndpoint& endpoint);
/// Whoever changes an endpoint asked for it: it is implicit no more.
awaitable<std::optional<Endpoint>> update_endpoint(pg::Executor& db, const EndpointId& id, const EndpointChanges& changes);
awaitable<> delete_endpoint(pg::Executor& db, const EndpointId& id);
}  // namespace argon::branches
