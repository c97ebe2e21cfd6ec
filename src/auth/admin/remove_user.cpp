// POST /admin/remove-user: the user goes, with accounts, sessions, memberships, and the codes and links that wait for them.
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"
#include "pg/errors.hpp"

namespace argon::auth::admin {

constexpr api::Description remove_user_docs = api::describe<UserIdBody, SuccessReply>(
    "removeUser", "Remove a user and everything that is theirs",
    {.needs = api::Needs::session,
     .refusals = {errors::unauthorized, errors::may_not_delete, errors::cannot_remove_oneself, errors::user_not_found, errors::user_is_referred_to}});
awaitable<Result<http::Response>> remove_user(api::Context& ctx) {
    const auto body = ctx.body<UserIdBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "delete", errors::may_not_delete});
    if (!session) co_return std::unexpected(session.error());
    const auto user = co_await require_user(ctx, body->userId.value);
    if (!user) co_return std::unexpected(user.error());
    if (user->id == session->current.user.id) co_return refuse(errors::cannot_remove_oneself);
    try {
        co_await identity::delete_user(ctx.db, *user);
    } catch (const pg::QueryError& error) {
        // The tenant's own tables: nothing but the attempt tells whether one of them holds on to the user.
        if (error.state != "23503") throw;
        co_return refuse(errors::user_is_referred_to);
    }
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::admin
