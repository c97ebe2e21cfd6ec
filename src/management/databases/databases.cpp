// Databases of a branch.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"
#include "branches/branch_contents.hpp"

namespace argon::management::databases {
api::ManagementEndpoint create, update, remove;  // change_database.cpp
extern const api::Description create_docs, update_docs, remove_docs;

namespace {
api::ManagementEndpoint list, get;
extern const api::Description list_docs, get_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/databases", list, &list_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/databases/{database_name}", get, &get_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/databases", create, &create_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/databases/{database_name}", update, &update_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/databases/{database_name}", remove, &remove_docs},
};

struct ListReply {
    std::vector<api::DatabaseView> databases;

    static void fields(auto& f, const auto& reply) { f.required("databases", reply.databases); }
};

struct GetReply {
    api::DatabaseView database;

    static void fields(auto& f, const auto& reply) { f.required("database", reply.database); }
};

constexpr api::Description list_docs = api::describe<void, ListReply>("listProjectBranchDatabases", "List the databases of a branch");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    co_await branches::refresh_contents(api::make_engine(ctx.services), branch->id, branch->project_id);
    auto databases = co_await branches::list_databases(ctx.control, branch->id);
    co_return http::Response::json(200, ListReply{api::make_views<api::DatabaseView>(std::move(databases))});
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getProjectBranchDatabase", "Show a database");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto database = co_await branches::find_database(ctx.control, branch->id, ctx.parameter("database_name"));
    if (!database) {
        co_await branches::refresh_contents(api::make_engine(ctx.services), branch->id, branch->project_id);
        database = co_await branches::find_database(ctx.control, branch->id, ctx.parameter("database_name"));
    }
    if (!database) co_return refuse(api::errors::database_not_found);
    co_return http::Response::json(200, GetReply{{std::move(*database)}});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::databases
