// Endpoints: the addresses of branches.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"

namespace argon::management::endpoints {
api::ManagementEndpoint create, update, remove, start, suspend, restart;  // change_endpoint.cpp
extern const api::Description create_docs, update_docs, remove_docs, start_docs, suspend_docs, restart_docs;

namespace {
api::ManagementEndpoint list_of_project, list_of_branch, get;
extern const api::Description list_of_project_docs, list_of_branch_docs, get_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/endpoints", list_of_project, &list_of_project_docs},
    {http::Method::get, "/projects/{project_id}/endpoints/{endpoint_id}", get, &get_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/endpoints", list_of_branch, &list_of_branch_docs},
    {http::Method::post, "/projects/{project_id}/endpoints", create, &create_docs},
    {http::Method::patch, "/projects/{project_id}/endpoints/{endpoint_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/endpoints/{endpoint_id}", remove, &remove_docs},
    {http::Method::post, "/projects/{project_id}/endpoints/{endpoint_id}/start", start, &start_docs},
    {http::Method::post, "/projects/{project_id}/endpoints/{endpoint_id}/suspend", suspend, &suspend_docs},
    {http::Method::post, "/projects/{project_id}/endpoints/{endpoint_id}/restart", restart, &restart_docs},
};

struct ListReply {
    std::vector<api::EndpointView> endpoints;

    static void fields(auto& f, const auto& reply) { f.required("endpoints", reply.endpoints); }
};

struct GetReply {
    api::EndpointView endpoint;

    static void fields(auto& f, const auto& reply) { f.required("endpoint", reply.endpoint); }
};

http::Response reply_with(api::Services& services, std::vector<branches::Endpoint> endpoints) {
    ListReply reply;
    for (auto& endpoint : endpoints) reply.endpoints.push_back(api::make_endpoint_view(services, std::move(endpoint)));
    return http::Response::json(200, reply);
}

constexpr api::Description list_of_project_docs = api::describe<void, ListReply>("listProjectEndpoints", "List the endpoints of a project");
awaitable<Result<http::Response>> list_of_project(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    auto endpoints = co_await branches::list_project_endpoints(ctx.control, project->id);
    co_return reply_with(ctx.services, std::move(endpoints));
}

constexpr api::Description list_of_branch_docs = api::describe<void, ListReply>("listProjectBranchEndpoints", "List the endpoints of a branch");
awaitable<Result<http::Response>> list_of_branch(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto endpoints = co_await branches::list_branch_endpoints(ctx.control, branch->id);
    co_return reply_with(ctx.services, std::move(endpoints));
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getProjectEndpoint", "Show an endpoint");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const EndpointId id{ctx.parameter("endpoint_id")};
    auto endpoint = co_await branches::find_endpoint(ctx.control, project->id, id);
    if (!endpoint) co_return refuse(api::errors::endpoint_not_found);
    co_return http::Response::json(200, GetReply{api::make_endpoint_view(ctx.services, std::move(*endpoint))});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::endpoints
