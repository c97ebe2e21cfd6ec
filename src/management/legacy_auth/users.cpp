// Users of a project's auth, made and removed by its owner. Those of the legacy provider are mirrored to neon_auth.users_sync in the same
// transaction.
#include "legacy/users.hpp"

#include "base/utf8.hpp"
#include "branches/auth_lifecycle.hpp"
#include "http/url.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint create, remove;
extern const api::Description create_docs, remove_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/auth/user", create, &create_docs, api::Access::project_in_body},
    {http::Method::delete_, "/projects/{project_id}/auth/users/{auth_user_id}", remove, &remove_docs},
};

constexpr ErrorSpec user_not_found{404, "", "user not found"};
constexpr ErrorSpec address_taken{409, "", "a user with this email address exists already"};
constexpr ErrorSpec not_served{422, "", "the branch of the integration is out of use: is its endpoint disabled?"};

struct CreateBody {
    ProjectId project_id;
    std::string auth_provider;
    std::string email;
    std::optional<std::string> name;

    static void fields(auto& f, auto& body) {
        f.required("project_id", body.project_id);
        f.required("auth_provider", body.auth_provider, legacy_auth::auth_provider);
        f.required("email", body.email, json::email);
        f.optional("name", body.name, json::min_length{1}, json::max_length{255});
    }
};

struct IdReply {
    UserId id;

    static void fields(auto& f, const auto& reply) { f.required("id", reply.id); }
};

/// The branch's database; starts it when it is stopped.
awaitable<Result<std::shared_ptr<pg::Pool>>> require_database(api::ManagementContext& ctx, const branches::Integration& integration) {
    const auto live = co_await ctx.services.registry.find_legacy(ctx.control, integration.project_uuid, integration.branch_id, integration.database);
    if (!live) co_return refuse(not_served);
    auto pool = co_await ctx.services.registry.pool(*live);
    ctx.working_in = {integration.project_id, integration.branch_id};
    co_return pool;
}

template <class T>
json::Patch<T> given(T value) {
    return {.present = true, .value = std::move(value)};
}

awaitable<Result<http::Response>> create_legacy_user(api::ManagementContext& ctx, const branches::Integration& integration, const CreateBody& body) {
    const auto pool = co_await require_database(ctx, integration);
    if (!pool) co_return std::unexpected(pool.error());
    legacy::UserChange user{.primary_email = given(http::to_lower(body.email)), .primary_email_auth_enabled = given(true)};
    if (body.name) user.display_name = given(*body.name);
    auto tx = co_await (*pool)->begin();
    const auto created = co_await legacy::create_user(tx, user, ctx.now);
    // Nothing else of a user who did not exist can be in anybody's way.
    if (!created) co_return refuse(address_taken);
    co_await tx.commit();
    co_return http::Response::json(201, IdReply{created->id});
}

constexpr api::Description create_docs = api::describe<CreateBody, IdReply>("createNeonAuthNewUser", "Make a user of a project", {.status = 201});
/// The user signs in with a link or code where the project has them, or sets a password by asking for a new one.
awaitable<Result<http::Response>> create(api::ManagementContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto project = co_await api::require_body_project(ctx, body->project_id);
    if (!project) co_return std::unexpected(project.error());
    const auto target = co_await require_target(ctx, body->auth_provider);
    if (!target) co_return std::unexpected(target.error());
    if (target->legacy) co_return co_await create_legacy_user(ctx, *target->legacy, *body);
    json::Object user{{"email", body->email}};
    if (body->name) user["name"] = *body->name;
    co_return co_await forward_to_branch(ctx, *target->better_auth, "/users", {}, json::Value(std::move(user)));
}

constexpr api::Description remove_docs = api::describe<void, void>("deleteNeonAuthUser", "Remove a user of a project", {.status = 204});
awaitable<Result<http::Response>> remove(api::ManagementContext& ctx) {
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    const auto& id = ctx.parameter("auth_user_id");
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/users/{auth_user_id}", {{"auth_user_id", id}});
    if (!is_uuid(id)) co_return refuse(user_not_found);
    const auto pool = co_await require_database(ctx, *target->legacy);
    if (!pool) co_return std::unexpected(pool.error());
    auto tx = co_await (*pool)->begin();
    const bool removed = co_await legacy::delete_user(tx, UserId{id}, ctx.now);
    if (!removed) co_return refuse(user_not_found);
    co_await tx.commit();
    co_return http::Response::empty(204);
}
}  // namespace

std::span<const api::ManagementRoute> user_routes() { return table; }
}  // namespace argon::management::legacy_auth
