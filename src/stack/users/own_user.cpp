// GET, PATCH and DELETE /users/me: the user of the access token. An app's server sees and changes more of them than a browser does.
#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
struct ClientBody : UserBody {
    static void fields(auto& f, auto& body) { UserBody::client_fields(f, body); }
};

Result<UserBody> read_body(const api::LegacyContext& ctx) {
    if (!ctx.is_client()) return ctx.body<UserBody>();
    auto body = ctx.body<ClientBody>();
    if (!body) return std::unexpected(body.error());
    return UserBody{std::move(*body)};
}
}  // namespace

awaitable<Result<http::Response>> get_own_user(api::LegacyContext& ctx) {
    const auto user = co_await api::require_own_user(ctx, api::known::cannot_get_own_user);
    if (!user) co_return std::unexpected(user.error());
    co_return api::show_user(ctx, 200, *user);
}

awaitable<Result<http::Response>> update_own_user(api::LegacyContext& ctx) {
    auto body = read_body(ctx);
    if (!body) co_return std::unexpected(body.error());
    const auto user = co_await api::require_own_user(ctx, api::known::cannot_get_own_user);
    if (!user) co_return std::unexpected(user.error());
    co_return co_await change_user(ctx, user->id, std::move(*body));
}

awaitable<Result<http::Response>> delete_own_user(api::LegacyContext& ctx) {
    const auto user = co_await api::require_own_user(ctx, api::known::cannot_get_own_user);
    if (!user) co_return std::unexpected(user.error());
    if (ctx.is_client() && !ctx.project->config.client_user_deletion_enabled) {
        co_return api::known::refuse_text(400, "Client user deletion is not enabled for this project");
    }
    co_return co_await remove_user(ctx, user->id);
}
}  // namespace argon::stack::users
