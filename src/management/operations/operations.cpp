// Operations of a project. All are finished when the answer that names them is sent; clients poll them all the same, some of them
// after the project is gone and without an end if the answer is an error.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/paging.hpp"
#include "api/resources.hpp"

namespace argon::management::operations {
namespace {
api::ManagementEndpoint list, get;
extern const api::Description list_docs, get_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/operations", list, &list_docs},
    {http::Method::get, "/projects/{project_id}/operations/{operation_id}", get, &get_docs},
};

constexpr ErrorSpec not_found{404, "", "operation not found"};
constexpr ErrorSpec foreign_cursor{400, "", "invalid request: parameter \"cursor\" is not one that this list returned"};

constexpr api::QueryParameter list_query[] = {api::parameters::limit, api::parameters::cursor};

struct Pagination {
    std::string cursor;

    static void fields(auto& f, const auto& pagination) { f.required("cursor", pagination.cursor); }
};

struct ListReply {
    std::vector<api::OperationView> operations;
    std::optional<Pagination> pagination;

    static void fields(auto& f, const auto& reply) {
        f.required("operations", reply.operations);
        f.optional("pagination", reply.pagination);
    }
};

struct GetReply {
    api::OperationView operation;

    static void fields(auto& f, const auto& reply) { f.required("operation", reply.operation); }
};

constexpr api::Description list_docs =
    api::describe<void, ListReply>("listProjectOperations", "List what was done to a project", {.query = list_query});
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto request = api::parse_page(ctx.query_parameters, {.fallback = 1000, .maximum = 1000});
    if (!request) co_return std::unexpected(request.error());
    if (request->after && !is_uuid(request->after->id)) co_return refuse(foreign_cursor);
    const ProjectId project{ctx.parameter("project_id")};
    auto page = co_await branches::list_operations(ctx.control, project, *request);
    if (page.items.empty()) {
        const auto existing = co_await api::require_project(ctx);
        if (!existing) co_return std::unexpected(existing.error());
    }
    ListReply reply{.operations = api::make_views<api::OperationView>(std::move(page.items))};
    if (page.next) reply.pagination = Pagination{api::encode_cursor(*page.next)};
    co_return http::Response::json(200, reply);
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getProjectOperation", "Show an operation");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto& id = ctx.parameter("operation_id");
    if (!is_uuid(id)) co_return refuse(not_found);
    const ProjectId project{ctx.parameter("project_id")};
    auto operation = co_await branches::find_operation(ctx.control, project, id);
    if (!operation) co_return refuse(not_found);
    co_return http::Response::json(200, GetReply{{std::move(*operation)}});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::operations
