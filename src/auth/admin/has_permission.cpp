// POST /admin/has-permission: whether the caller's role allows all of what is asked.
#include "api/permission_body.hpp"
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {

/// Checked, and of no effect: the question is always about the caller.
struct Scope {
    std::optional<std::string> userId;
    std::optional<std::string> role;

    static void fields(auto& f, auto& scope) {
        f.optional("userId", scope.userId);
        f.optional("role", scope.role);
    }
};
using PermissionBody = api::PermissionBody<Scope>;

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
    const auto body = api::permission_body<Scope>(ctx);
    if (!body) co_return std::unexpected(body.error());
    if (!body->permissions) co_return refuse(errors::no_permissions);
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    const bool success = identity::grants_all(roles(), role_of(session->current.user), *body->permissions);
    co_return http::Response::json(200, PermissionReply{success});
}
}  // namespace argon::auth::admin
