// POST /phone-number/reset-password: exchange a code for a new password. The code is used up even when the password is refused.
#include "api/password_rule.hpp"
#include "auth/phone_number/phone_number.hpp"

namespace argon::auth::phone_number {
namespace {
constexpr ErrorSpec unexpected{400, "UNEXPECTED_ERROR", "Unexpected error"};

struct ResetBody {
    std::string otp;
    std::string phoneNumber;
    std::string newPassword;

    static void fields(auto& f, auto& body) {
        f.required("otp", body.otp);
        f.required("phoneNumber", body.phoneNumber);
        f.required("newPassword", body.newPassword);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description reset_password_docs = api::describe<ResetBody, StatusReply>(
    "resetPasswordPhoneNumber", "Set a new password with a code", {.refusals = {check_refusals, unexpected, api::length_refusals}});
awaitable<Result<http::Response>> reset_password(api::Context& ctx) {
    const auto body = ctx.body<ResetBody>();
    if (!body) co_return std::unexpected(body.error());
    // Before the code is used up.
    if (auto strong = api::check_password_strength(ctx, body->newPassword); !strong) co_return std::unexpected(strong.error());
    const auto checked = co_await check(ctx, reset_identifier(body->phoneNumber), body->otp);
    if (!checked) co_return std::unexpected(checked.error());
    const auto user = co_await identity::find_user_by_phone(ctx.db, body->phoneNumber);
    if (!user) co_return refuse(unexpected);
    if (auto fits = api::check_password_length(ctx, body->newPassword); !fits) co_return std::unexpected(fits.error());
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->newPassword);
    if (!password_hash) co_return std::unexpected(password_hash.error());
    auto tx = co_await ctx.pool->begin();
    co_await api::store_reset_password(ctx, tx, user->id, *password_hash);
    co_await tx.commit();
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::phone_number
