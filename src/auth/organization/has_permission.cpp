// POST /organization/has-permission: whether the caller's role in the organization allows all of what is asked.
#include "api/permission_body.hpp"
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {

struct Scope {
    std::optional<std::string> organizationId;

    static void fields(auto& f, auto& scope) { f.optional("organizationId", scope.organizationId); }
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

constexpr api::Description has_permission_docs =
    api::describe<PermissionBody, PermissionReply>("hasPermission", "Whether the caller's role in the organization allows all of what is asked",
                                                   {.needs = api::Needs::session,
                                                    .refusals = {errors::none_active, errors::not_a_member_401},
                                                    .example = R"({"permissions": {"member": ["create"]}})"});
awaitable<Result<http::Response>> has_permission(api::Context& ctx) {
    const auto body = api::permission_body<Scope>(ctx);
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, body->scope.organizationId);
    if (id.empty()) co_return refuse(errors::none_active);
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::not_a_member_401);
    const bool success = body->permissions && identity::grants_all(roles(), member->member.role, *body->permissions);
    co_return http::Response::json(200, PermissionReply{success});
}
}  // namespace argon::auth::organization
