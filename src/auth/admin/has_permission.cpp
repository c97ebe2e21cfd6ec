// POST /admin/has-permission: whether the caller's role allows all of what is asked.
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {

struct PermissionBody {
    std::optional<json::TextLists> permission;  ///< the old spelling; accepted, and of no effect (fact 54)
    std::optional<json::TextLists> permissions;

    static void fields(auto& f, auto& body) {
        f.optional("permission", body.permission);
        f.optional("permissions", body.permissions);
    }
};

struct PermissionReply {
    bool success;
    std::optional<std::string> error{};  ///< always null: a member that clients of old look at

    static void fields(auto& f, const auto& reply) {
        f.required("error", reply.error);
        f.required("success", reply.success);
    }
};
}  // namespace

constexpr api::Description has_permission_docs = api::describe<PermissionBody, PermissionReply>(
    "userHasPermission", "Whether the caller's role allows all of what is asked",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::no_permissions}, .example = R"({"permissions": {"user": ["list"]}})"});
awaitable<Result<http::Response>> has_permission(api::Context& ctx) {
    const auto body = ctx.body<PermissionBody>();
    if (!body || body->permission.has_value() == body->permissions.has_value())
        co_return refuse_with(api::errors::validation, "[body] Invalid input");
    if (!body->permissions) co_return refuse(errors::no_permissions);
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    const bool success = identity::grants_all(roles(), role_of(session->current.user), *body->permissions);
    co_return http::Response::json(200, PermissionReply{success});
}
}  // namespace argon::auth::admin
