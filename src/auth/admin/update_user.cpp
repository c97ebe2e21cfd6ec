// POST /admin/update-user: change columns of a user. Answers the bare user (fact 54).
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"
#include "auth/admin/user_data.hpp"

namespace argon::auth::admin {
namespace {

struct UpdateBody {
    json::CoercedId userId;
    json::Record data;

    static void fields(auto& f, auto& body) {
        f.required("userId", body.userId);
        f.required("data", body.data);
    }
};
}  // namespace

constexpr api::Description update_user_docs = api::describe<UpdateBody, identity::User>(
    "adminUpdateUser", "Change columns of a user",
    {.needs = api::Needs::session,
     .refusals = {errors::unauthorized, errors::may_not_update, errors::no_data, errors::password_elsewhere, errors::field_not_allowed,
                  errors::may_not_set_role, errors::may_not_ban, errors::may_not_set_email, errors::unknown_role, errors::invalid_role_type,
                  errors::invalid_email, errors::invalid_phone_number, errors::user_exists, errors::phone_exists, errors::cannot_ban_oneself,
                  errors::user_not_found}});
awaitable<Result<http::Response>> update_user(api::Context& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "update", errors::may_not_update});
    if (!session) co_return std::unexpected(session.error());
    if (body->data.members.empty()) co_return refuse(errors::no_data);
    const auto patch = UserPatch::read(ctx, body->data.members);
    if (!patch) co_return std::unexpected(patch.error());
    const auto& caller = session->current.user;
    if (auto checked = check_rights(caller, *patch); !checked) co_return std::unexpected(checked.error());
    if (patch->bans() && body->userId.value == caller.id.value) co_return refuse(errors::cannot_ban_oneself);
    const auto user = co_await require_user(ctx, body->userId.value);
    if (!user) co_return std::unexpected(user.error());
    if (patch->bans() && user->id == caller.id) co_return refuse(errors::cannot_ban_oneself);

    auto tx = co_await ctx.pool->begin();
    const auto changed = co_await apply_patch(tx, user->id, *patch, ctx.now);
    if (!changed) co_return std::unexpected(changed.error());
    co_await tx.commit();
    co_return http::Response::json(200, api::shown(ctx, *changed));
}
}  // namespace argon::auth::admin
