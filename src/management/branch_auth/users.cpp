// The branch's users, as its owner makes, removes and promotes them: the first administrator comes from here.
#include "identity/users.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/branch_database.hpp"
#include "management/branch_auth/lists.hpp"
#include "pg/errors.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint create, remove, set_roles;
extern const api::Description create_docs, remove_docs, set_roles_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/users", create, &create_docs},
    {http::Method::delete_, "/projects/{project_id}/branches/{branch_id}/auth/users/{auth_user_id}", remove, &remove_docs},
    {http::Method::put, "/projects/{project_id}/branches/{branch_id}/auth/users/{auth_user_id}/role", set_roles, &set_roles_docs},
};

// Accounts, sessions and memberships go with the user.
constexpr pg::Statement delete_user{"management.delete_user", R"sql(DELETE FROM neon_auth."user" WHERE id = $1 RETURNING id)sql"};

constexpr pg::Statement update_role{"management.update_role", R"sql(
    UPDATE neon_auth."user" SET role = $2, "updatedAt" = $3 WHERE id = $1 RETURNING id)sql"};

constexpr ErrorSpec not_found{404, "", "user not found"};
constexpr ErrorSpec address_taken{409, "", "a user with this email address exists already"};
constexpr ErrorSpec referred_to{409, "", "other tables of the database refer to the user; remove those rows first"};

struct CreateBody {
    std::string email;
    std::optional<std::string> name;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.optional("name", body.name, json::min_length{1}, json::max_length{255});
    }
};

/// The roles that the auth service knows (auth-service.md, section 2.12).
struct RolesCheck {
    std::optional<std::string> operator()(const std::vector<std::string>& roles) const {
        if (roles.empty()) return "Too small: expected array to have >=1 items";
        const auto known = [](const auto& role) { return role == "user" || role == "admin"; };
        if (std::ranges::all_of(roles, known)) return {};
        return "Invalid option: expected any of \"user\", \"admin\"";
    }
    void describe(json::Object& schema) const {
        schema["minItems"] = 1;
        schema["items"] = {{"type", "string"}, {"enum", {"user", "admin"}}};
    }
};

struct RolesBody {
    std::vector<std::string> roles;

    static void fields(auto& f, auto& body) { f.required("roles", body.roles, RolesCheck{}); }
};

struct IdReply {
    UserId id;

    static void fields(auto& f, const auto& reply) { f.required("id", reply.id); }
};

constexpr api::Description create_docs = api::describe<CreateBody, IdReply>("createBranchNeonAuthNewUser", "Make a user", {.status = 201});
/// The user signs in with a code or link, or sets a password by asking for a new one.
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const identity::NewUser user{.name = body->name.value_or(""), .email = identity::fold_email(body->email)};
    const auto created = co_await identity::insert_user(*database->pool, user, ctx.now);
    if (!created) co_return refuse(address_taken);
    co_return http::Response::json(201, IdReply{created->id});
}

constexpr api::Description remove_docs = api::describe<void, void>("deleteBranchNeonAuthUser", "Remove a user", {.status = 204});
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto& id = ctx.parameter("auth_user_id");
    if (!is_uuid(id)) co_return refuse(not_found);
    pg::Rows rows;
    try {
        rows = co_await database->pool->query(delete_user, id);
    } catch (const pg::QueryError& error) {
        // The tenant's own tables: nothing but the attempt tells whether one of them holds on to the user.
        if (error.state != "23503") throw;
        co_return refuse(referred_to);
    }
    if (rows.empty()) co_return refuse(not_found);
    co_return http::Response::empty(204);
}

constexpr api::Description set_roles_docs = api::describe<RolesBody, IdReply>("updateNeonAuthUserRole", "Set the roles of a user");
awaitable<Result<http::Response>> set_roles(api::ManagementContext& ctx) {
    const auto body = ctx.body<RolesBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const UserId id{ctx.parameter("auth_user_id")};
    if (!is_uuid(id.value)) co_return refuse(not_found);
    const auto roles = fmt::format("{}", fmt::join(without_repeats(body->roles), ","));
    const auto rows = co_await database->pool->query(update_role, id, roles, ctx.now);
    if (rows.empty()) co_return refuse(not_found);
    co_return http::Response::json(200, IdReply{id});
}
}  // namespace

std::span<const api::ManagementRoute> user_routes() { return table; }
}  // namespace argon::management::branch_auth
