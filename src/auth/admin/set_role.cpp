// POST /admin/set-role: give a user one role or several.
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {
constexpr pg::Statement update_role{"admin.set_role",
                                    "UPDATE neon_auth.\"user\" AS u SET role = $2, \"updatedAt\" = $3 WHERE u.id = $1 RETURNING " ARGON_USER_COLUMNS};

struct RoleBody {
    json::CoercedId userId;
    json::OneOrMore role;

    static void fields(auto& f, auto& body) {
        f.required("userId", body.userId);
        f.required("role", body.role);
    }
};
}  // namespace

constexpr api::Description set_role_docs = api::describe<RoleBody, UserReply>(
    "setUserRole", "Give a user one role or several",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_set_role, errors::unknown_role, errors::user_not_found}});
awaitable<Result<http::Response>> set_role(api::Context& ctx) {
    const auto body = ctx.body<RoleBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "set-role", errors::may_not_set_role});
    if (!session) co_return std::unexpected(session.error());
    const auto role = read_role(body->role.items);
    if (!role) co_return std::unexpected(role.error());
    if (!is_uuid(body->userId.value)) co_return refuse(errors::user_not_found);
    const auto rows = co_await ctx.db.query(update_role, body->userId.value, *role, ctx.now);
    co_return reply_with_user(ctx, rows.maybe<identity::User>());
}
}  // namespace argon::auth::admin
