// POST /email-otp/reset-password, /email-otp/passcode: exchange a code for a new password. The code is used up even when the password is refused.
#include "api/password_rule.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

struct ResetBody {
    std::string email;
    std::string otp;
    std::string password;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("otp", body.otp);
        f.required("password", body.password);
    }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};
}  // namespace

constexpr api::Description reset_password_docs = api::describe<ResetBody, SuccessReply>(
    "resetPasswordWithEmailOTP", "Set a new password with a code", {.refusals = {api::code_refusals, errors::user_not_found, api::length_refusals}});
awaitable<Result<http::Response>> reset_password(api::Context& ctx) {
    const auto body = ctx.body<ResetBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    // Before the code is used up: who meant well needs no new one.
    if (auto strong = api::check_password_strength(ctx, body->password, email); !strong) co_return std::unexpected(strong.error());
    const auto checked = co_await check(ctx, "forget-password", email, body->otp);
    if (!checked) co_return std::unexpected(checked.error());
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    if (!user) co_return refuse(errors::user_not_found);
    if (auto fits = api::check_password_length(ctx, body->password); !fits) co_return std::unexpected(fits.error());
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->password);
    if (!password_hash) co_return std::unexpected(password_hash.error());

    auto tx = co_await ctx.pool->begin();
    // First of all: an unproven account's older sessions and password are not the mailbox owner's.
    co_await identity::prove_email(tx, user->id, ctx.now);
    co_await api::store_reset_password(ctx, tx, user->id, *password_hash);
    co_await tx.commit();
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::email_otp
