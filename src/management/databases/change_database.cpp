// POST /projects/{project_id}/branches/{branch_id}/databases, PATCH and DELETE of one of them.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"
#include "branches/branch_contents.hpp"
#include "branches/names.hpp"

namespace argon::management::databases {
namespace records = argon::branches;

api::ManagementEndpoint create, update, remove;

namespace {
struct NewDatabase {
    std::string name;
    std::string owner_name;

    static void fields(auto& f, auto& database) {
        f.required("name", database.name, records::database_name);
        f.required("owner_name", database.owner_name, records::role_name);
    }
};

struct CreateBody {
    NewDatabase database;

    static void fields(auto& f, auto& body) { f.required("database", body.database); }
};

struct Changes {
    std::optional<std::string> name;
    std::optional<std::string> owner_name;

    static void fields(auto& f, auto& changes) {
        f.optional("name", changes.name, records::database_name);
        f.optional("owner_name", changes.owner_name, records::role_name);
    }
};

struct UpdateBody {
    Changes database;

    static void fields(auto& f, auto& body) { f.required("database", body.database); }
};

Result<http::Response> reply_with(int status, Result<records::ChangedDatabase> changed) {
    if (!changed) return std::unexpected(changed.error());
    return http::Response::json(
        status, api::DatabaseReply{{std::move(changed->database)}, api::make_views<api::OperationView>(std::move(changed->operations))});
}
}  // namespace

extern const api::Description create_docs =
    api::describe<CreateBody, api::DatabaseReply>("createProjectBranchDatabase", "Make a database", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto made = co_await records::create_database(api::make_engine(ctx.services), *branch, body->database.name, body->database.owner_name);
    co_return reply_with(201, std::move(made));
}

extern const api::Description update_docs =
    api::describe<UpdateBody, api::DatabaseReply>("updateProjectBranchDatabase", "Rename a database or give it to another role");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto engine = api::make_engine(ctx.services);
    co_await records::refresh_contents(engine, branch->id, branch->project_id);
    auto changed = co_await records::change_database(engine, *branch, ctx.parameter("database_name"), body->database.name, body->database.owner_name);
    co_return reply_with(200, std::move(changed));
}

extern const api::Description remove_docs = api::describe<void, api::DatabaseReply>("deleteProjectBranchDatabase", "Delete a database");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto engine = api::make_engine(ctx.services);
    co_await records::refresh_contents(engine, branch->id, branch->project_id);
    auto removed = co_await records::remove_database(engine, *branch, ctx.parameter("database_name"));
    co_return reply_with(200, std::move(removed));
}
}  // namespace argon::management::databases
