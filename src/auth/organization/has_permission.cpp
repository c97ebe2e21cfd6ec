// POST /organization/has-permission: whether the caller's role in the organization allows all of what is asked.
#include "auth/organization/access.hpp"
#include "auth/organization/errors.hpp"
#include "auth/organization/organization.hpp"

namespace argon::auth::organization {
namespace {

struct PermissionBody {
    std::optional<std::string> organizationId;
    std::optional<json::TextLists> permission;  ///< the old spelling; accepted, and never granted (fact 54)
    std::optional<json::TextLists> permissions;

    static void fields(auto& f, auto& body) {
        f.optional("organizationId", body.organizationId);
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

constexpr api::Description has_permission_docs =
    api::describe<PermissionBody, PermissionReply>("hasPermission", "Whether the caller's role in the organization allows all of what is asked",
                                                   {.needs = api::Needs::session,
                                                    .refusals = {errors::none_active, errors::not_a_member_401},
                                                    .example = R"({"permissions": {"member": ["create"]}})"});
awaitable<Result<http::Response>> has_permission(api::Context& ctx) {
    const auto body = ctx.body<PermissionBody>();
    if (!body || body->permission.has_value() == body->permissions.has_value())
        co_return refuse_with(api::errors::validation, "[body] Invalid input");
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto id = organization_of(session->current.session, body->organizationId);
    if (id.empty()) co_return refuse(errors::none_active);
    const auto member = co_await find_member(ctx.db, id, session->current.user.id);
    if (!member) co_return refuse(errors::not_a_member_401);
    const bool success = body->permissions && identity::grants_all(roles(), member->member.role, *body->permissions);
    co_return http::Response::json(200, PermissionReply{success});
}
}  // namespace argon::auth::organization
