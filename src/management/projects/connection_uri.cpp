// GET /projects/{project_id}/connection_uri: everything a program needs to connect, password included.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/paging.hpp"
#include "branches/database_records.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/role_password.hpp"

namespace argon::management::projects {
namespace {
constexpr ErrorSpec other_branch{400, "", "invalid request: the endpoint does not belong to the branch"};

constexpr api::QueryParameter query_docs[] = {{"database_name", "string", "The database to connect to", true},
                                              {"role_name", "string", "The role to connect as", true},
                                              {"branch_id", "string", "The default branch when absent"},
                                              {"endpoint_id", "string", "The branch's read-write endpoint when absent"},
                                              {"pooled", "boolean", "Whether the host is the pooler's"}};

struct Query {
    std::string database_name;
    std::string role_name;
    std::optional<std::string> branch_id;
    std::optional<std::string> endpoint_id;
    bool pooled = false;
};

Result<Query> parse_query(const http::QueryParameters& parameters) {
    auto database = api::require_name(parameters, "database_name");
    if (!database) return std::unexpected(database.error());
    auto role = api::require_name(parameters, "role_name");
    if (!role) return std::unexpected(role.error());
    auto branch = api::parse_id(parameters, "branch_id");
    if (!branch) return std::unexpected(branch.error());
    auto endpoint = api::parse_id(parameters, "endpoint_id");
    if (!endpoint) return std::unexpected(endpoint.error());
    const auto pooled = api::parse_flag(parameters, "pooled", false);
    if (!pooled) return std::unexpected(pooled.error());
    return Query{std::move(*database), std::move(*role), std::move(*branch), std::move(*endpoint), *pooled};
}

/// The endpoint asked for; else the main one of the branch asked for; else that of the default branch.
awaitable<Result<branches::Endpoint>> choose_endpoint(pg::Executor& db, const ProjectId& project, const Query& query) {
    if (query.endpoint_id) {
        auto endpoint = co_await branches::find_endpoint(db, project, EndpointId{*query.endpoint_id});
        if (!endpoint) co_return refuse(api::errors::endpoint_not_found);
        if (query.branch_id && endpoint->branch_id.value != *query.branch_id) co_return refuse(other_branch);
        co_return std::move(*endpoint);
    }
    std::optional<branches::Branch> branch;
    if (query.branch_id) {
        branch = co_await branches::find_branch(db, project, BranchId{*query.branch_id});
    } else {
        branch = co_await branches::find_default_branch(db, project);
    }
    if (!branch) co_return refuse(api::errors::branch_not_found);
    co_return co_await branches::require_main_endpoint(db, branch->id);
}

struct UriReply {
    std::string uri;

    static void fields(auto& f, auto& reply) { f.required("uri", reply.uri); }
};
}  // namespace

extern const api::Description connection_uri_docs =
    api::describe<void, UriReply>("getConnectionURI", "Show a connection string", {.query = query_docs});
awaitable<Result<http::Response>> connection_uri(api::ManagementContext& ctx) {
    const auto query = parse_query(ctx.query_parameters);
    if (!query) co_return std::unexpected(query.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto endpoint = co_await choose_endpoint(ctx.control, project->id, *query);
    if (!endpoint) co_return std::unexpected(endpoint.error());
    const auto database = co_await branches::find_database(ctx.control, endpoint->branch_id, query->database_name);
    if (!database) co_return refuse(api::errors::database_not_found);
    const auto role = co_await branches::find_role(ctx.control, endpoint->branch_id, query->role_name);
    if (!role) co_return refuse(api::errors::role_not_found);
    if (!role->sealed_password) co_return refuse(api::errors::password_not_stored);

    const auto password = branches::open_role_password(ctx.services.master_key, role->branch_id, role->name, *role->sealed_password);
    branches::ConnectionTarget target{endpoint->id, endpoint->port, role->name, password, database->name};
    ctx.services.compute.complete(endpoint->branch_id, target);
    co_return http::Response::json(200, UriReply{ctx.services.addresses.connection_uri(target, query->pooled)});
}
}  // namespace argon::management::projects
