// POST /projects/{project_id}/branches/{branch_id}/roles, DELETE of one of them, and its reset_password.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"
#include "branches/branch_contents.hpp"
#include "branches/names.hpp"

namespace argon::management::roles {
namespace records = argon::branches;

api::ManagementEndpoint create, remove, reset_password;

namespace {
struct NewRole {
    std::string name;
    bool no_login = false;

    static void fields(auto& f, auto& role) {
        f.required("name", role.name, records::role_name);
        f.optional("no_login", role.no_login);
    }
};

struct CreateBody {
    NewRole role;

    static void fields(auto& f, auto& body) { f.required("role", body.role); }
};

Result<http::Response> reply_with(int status, Result<records::ChangedRole> changed) {
    if (!changed) return std::unexpected(changed.error());
    std::optional<std::string> password;
    if (changed->password) password = changed->password->reveal();
    const api::RoleReply reply{{std::move(changed->role), std::move(password)}, api::make_views<api::OperationView>(std::move(changed->operations))};
    return http::Response::json(status, reply);
}
}  // namespace

extern const api::Description create_docs = api::describe<CreateBody, api::RoleReply>("createProjectBranchRole", "Make a role", {.status = 201});
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto made = co_await records::create_role(api::make_engine(ctx.services), *project, *branch, body->role.name, !body->role.no_login);
    co_return reply_with(201, std::move(made));
}

extern const api::Description remove_docs = api::describe<void, api::RoleReply>("deleteProjectBranchRole", "Delete a role");
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto engine = api::make_engine(ctx.services);
    co_await records::refresh_contents(engine, branch->id, branch->project_id);
    auto removed = co_await records::remove_role(engine, *branch, ctx.parameter("role_name"));
    co_return reply_with(200, std::move(removed));
}

extern const api::Description reset_password_docs =
    api::describe<void, api::RoleReply>("resetProjectBranchRolePassword", "Give a role a new password");
awaitable<Result<http::Response>> reset_password(api::ManagementContext& ctx) {
    const auto project = co_await api::require_project(ctx);
    if (!project) co_return std::unexpected(project.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto engine = api::make_engine(ctx.services);
    co_await records::refresh_contents(engine, branch->id, branch->project_id);
    auto reset = co_await records::reset_role_password(engine, *project, *branch, ctx.parameter("role_name"));
    co_return reply_with(200, std::move(reset));
}
}  // namespace argon::management::roles
