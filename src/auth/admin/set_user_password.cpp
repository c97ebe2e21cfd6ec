// POST /admin/set-user-password: give a user a new password, or a first one. Links mailed to reset the old one are void.
#include "api/password_rule.hpp"
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {

struct NotEmpty {
    std::string_view complaint;

    std::optional<std::string> operator()(std::string_view text) const { return of_list(text.size()); }
    std::optional<std::string> operator()(const json::CoercedId& id) const { return of_list(id.value.size()); }
    std::optional<std::string> of_list(std::size_t items) const { return items == 0 ? std::optional{std::string{complaint}} : std::nullopt; }
};

struct PasswordBody {
    std::string newPassword;
    json::CoercedId userId;

    static void fields(auto& f, auto& body) {
        f.required("newPassword", body.newPassword, NotEmpty{"newPassword cannot be empty"});
        f.required("userId", body.userId, NotEmpty{"userId cannot be empty"});
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description set_user_password_docs = api::describe<PasswordBody, StatusReply>(
    "setUserPassword", "Give a user a new password",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_set_password, errors::user_not_found, api::length_refusals}});
awaitable<Result<http::Response>> set_user_password(api::Context& ctx) {
    const auto body = ctx.body<PasswordBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "set-password", errors::may_not_set_password});
    if (!session) co_return std::unexpected(session.error());
    if (auto checked = api::check_password_length(ctx, body->newPassword); !checked) co_return std::unexpected(checked.error());
    const auto user = co_await require_user(ctx, body->userId.value);
    if (!user) co_return std::unexpected(user.error());
    if (auto strong = api::check_password_strength(ctx, body->newPassword, user->email); !strong) co_return std::unexpected(strong.error());
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->newPassword);
    if (!password_hash) co_return std::unexpected(password_hash.error());
    auto tx = co_await ctx.pool->begin();
    const auto still_there = co_await identity::lock_user(tx, user->id);
    if (!still_there) co_return refuse(errors::user_not_found);
    co_await api::store_reset_password(ctx, tx, user->id, *password_hash);
    co_await tx.commit();
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::admin
