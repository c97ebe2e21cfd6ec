// Projects: a project is one branch with its cluster, and in time the branches made from it.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/paging.hpp"
#include "branches/lifecycle.hpp"
#include "management/projects/project_view.hpp"

namespace argon::management::projects {

api::ManagementEndpoint create, update, connection_uri;  // a .cpp each
extern const api::Description create_docs, update_docs, connection_uri_docs;

namespace {
api::ManagementEndpoint list, list_shared, get, remove, list_permissions, list_jwks;
extern const api::Description list_docs, list_shared_docs, get_docs, remove_docs, list_permissions_docs, list_jwks_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects", list, &list_docs},
    {http::Method::post, "/projects", create, &create_docs},
    {http::Method::get, "/projects/shared", list_shared, &list_shared_docs},
    {http::Method::get, "/projects/{project_id}", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}", remove, &remove_docs},
    {http::Method::get, "/projects/{project_id}/connection_uri", connection_uri, &connection_uri_docs},
    {http::Method::get, "/projects/{project_id}/permissions", list_permissions, &list_permissions_docs},
    {http::Method::get, "/projects/{project_id}/jwks", list_jwks, &list_jwks_docs},
};

struct Pagination {
    std::string cursor;

    static void fields(auto& f, const auto& pagination) { f.required("cursor", pagination.cursor); }
};

/// `applications` and `integrations` tell which projects are connected to other products. None is, but clients read both.
struct ListReply {
    std::vector<ProjectListItem> projects;
    std::optional<Pagination> pagination;

    static void fields(auto& f, const auto& reply) {
        f.required("projects", reply.projects);
        f.optional("pagination", reply.pagination);
        f.required("applications", json::Object{});
        f.required("integrations", json::Object{});
    }
};

constexpr api::QueryParameter list_query[] = {api::parameters::limit,
                                              api::parameters::cursor,
                                              api::parameters::search,
                                              {"recoverable", "boolean", "Only deleted projects that could be recovered, of which there are none"}};

constexpr api::Description list_docs = api::describe<void, ListReply>("listProjects", "List projects", {.query = list_query});
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto request = api::parse_page(ctx.query_parameters, {.fallback = 10, .maximum = 400});
    if (!request) co_return std::unexpected(request.error());
    const auto recoverable = api::parse_flag(ctx.query_parameters, "recoverable", false);
    if (!recoverable) co_return std::unexpected(recoverable.error());
    if (*recoverable) co_return http::Response::json(200, ListReply{});
    auto page = co_await branches::list_projects(ctx.control, ctx.caller.account_id, ctx.caller.project_id, *request);
    ListReply reply{.projects = api::make_views<ProjectListItem>(std::move(page.items))};
    if (page.next) reply.pagination = Pagination{api::encode_cursor(*page.next)};
    co_return http::Response::json(200, reply);
}

/// Projects of others that the caller was let into: there is one account, so none.
constexpr api::Description list_shared_docs =
    api::describe<void, ListReply>("listSharedProjects", "List shared projects", {.query = api::parameters::page});
awaitable<Result<http::Response>> list_shared(api::ManagementContext& ctx) {
    const auto request = api::parse_page(ctx.query_parameters, {.fallback = 10, .maximum = 400});
    if (!request) co_return std::unexpected(request.error());
    co_return http::Response::json(200, ListReply{});
}

/// Nobody else can be let into a project, and no foreign issuer's tokens are taken: tools read both lists all the same.
template <const char* name>
struct EmptyList {
    static void fields(auto& f, const auto&) { f.required(name, json::Array{}); }
};
constexpr char permissions_name[] = "project_permissions";
constexpr char jwks_name[] = "jwks";

constexpr api::Description list_permissions_docs =
    api::describe<void, EmptyList<permissions_name>>("listProjectPermissions", "List whom else the project is open to");
awaitable<Result<http::Response>> list_permissions(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    co_return http::Response::json(200, EmptyList<permissions_name>{});
}

constexpr api::Description list_jwks_docs = api::describe<void, EmptyList<jwks_name>>("getProjectJWKS", "List foreign token issuers");
awaitable<Result<http::Response>> list_jwks(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    co_return http::Response::json(200, EmptyList<jwks_name>{});
}

constexpr api::Description get_docs = api::describe<void, ProjectReply>("getProject", "Show a project");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    auto owner = co_await branches::get_owner(ctx.control, project->owner_id);
    co_return http::Response::json(200, ProjectReply{make_project_view(std::move(*project), std::move(owner), ctx.now)});
}

constexpr api::Description remove_docs = api::describe<void, ProjectReply>("deleteProject", "Delete a project");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    auto owner = co_await branches::get_owner(ctx.control, project->owner_id);
    const auto removed = co_await branches::delete_project(api::make_engine(ctx.services), project->id);
    if (!removed) co_return std::unexpected(removed.error());
    co_return http::Response::json(200, ProjectReply{make_project_view(std::move(*project), std::move(owner), ctx.now)});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::projects
