// Roles of a branch, and their passwords for those who hold an API key.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/resources.hpp"
#include "branches/branch_contents.hpp"
#include "branches/role_password.hpp"

namespace argon::management::roles {
api::ManagementEndpoint create, remove, reset_password;  // change_role.cpp
extern const api::Description create_docs, remove_docs, reset_password_docs;

namespace {
api::ManagementEndpoint list, get, reveal_password;
extern const api::Description list_docs, get_docs, reveal_password_docs, reveal_by_post_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/roles", list, &list_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/roles/{role_name}", get, &get_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/roles/{role_name}/reveal_password", reveal_password, &reveal_password_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/roles/{role_name}/reveal_password", reveal_password, &reveal_by_post_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/roles", create, &create_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/roles/{role_name}", remove, &remove_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/roles/{role_name}/reset_password", reset_password, &reset_password_docs},
};

struct ListReply {
    std::vector<api::RoleView> roles;

    static void fields(auto& f, const auto& reply) { f.required("roles", reply.roles); }
};

struct GetReply {
    api::RoleView role;

    static void fields(auto& f, const auto& reply) { f.required("role", reply.role); }
};

struct PasswordReply {
    std::string password;

    static void fields(auto& f, const auto& reply) { f.required("password", reply.password); }
};

awaitable<Result<branches::Role>> require_role(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    auto role = co_await branches::find_role(ctx.control, branch->id, ctx.parameter("role_name"));
    if (!role) {
        co_await branches::refresh_contents(api::make_engine(ctx.services), branch->id, branch->project_id);
        role = co_await branches::find_role(ctx.control, branch->id, ctx.parameter("role_name"));
    }
    if (!role) co_return refuse(api::errors::role_not_found);
    co_return std::move(*role);
}

constexpr api::Description list_docs = api::describe<void, ListReply>("listProjectBranchRoles", "List the roles of a branch");
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    co_await branches::refresh_contents(api::make_engine(ctx.services), branch->id, branch->project_id);
    auto roles = co_await branches::list_roles(ctx.control, branch->id);
    co_return http::Response::json(200, ListReply{api::make_views<api::RoleView>(std::move(roles))});
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getProjectBranchRole", "Show a role");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    auto role = co_await require_role(ctx);
    if (!role) co_return std::unexpected(role.error());
    co_return http::Response::json(200, GetReply{{std::move(*role), std::nullopt}});
}

constexpr api::Description reveal_password_docs = api::describe<void, PasswordReply>("getProjectBranchRolePassword", "Show a role's password");
constexpr api::Description reveal_by_post_docs =
    api::describe<void, PasswordReply>("revealProjectBranchRolePassword", "Show a role's password, as the Python client asks");
awaitable<Result<http::Response>> reveal_password(api::ManagementContext& ctx) {
    const auto role = co_await require_role(ctx);
    if (!role) co_return std::unexpected(role.error());
    if (!role->sealed_password) co_return refuse(api::errors::password_not_stored);
    const auto password = branches::open_role_password(ctx.services.master_key, role->branch_id, role->name, *role->sealed_password);
    co_return http::Response::json(200, PasswordReply{password.reveal()});
}
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::roles
