// GET, PATCH and DELETE /users/{user_id}: one user, for the app's server.
#include "stack/users/users.hpp"

namespace argon::stack::users {

awaitable<Result<http::Response>> get_user(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "user_id");
    if (!id) co_return std::unexpected(id.error());
    const auto user = co_await legacy::find_user(ctx.db(), UserId{*id});
    if (!user) co_return refuse(api::known::user_not_found);
    co_return api::show_user(ctx, 200, *user);
}

awaitable<Result<http::Response>> update_user(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "user_id");
    if (!id) co_return std::unexpected(id.error());
    auto body = ctx.body<UserBody>();
    if (!body) co_return std::unexpected(body.error());
    co_return co_await change_user(ctx, UserId{*id}, std::move(*body));
}

awaitable<Result<http::Response>> delete_user(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "user_id");
    if (!id) co_return std::unexpected(id.error());
    co_return co_await remove_user(ctx, UserId{*id});
}
}  // namespace argon::stack::users
