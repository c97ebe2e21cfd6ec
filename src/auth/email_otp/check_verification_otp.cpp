// POST /email-otp/check-verification-otp: is the code right? It stays good, but wrong tries count. Tells unknown addresses apart, as upstream.
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

struct CheckBody {
    std::string email;
    std::string type;
    std::string otp;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("type", body.type, json::one_of{{"email-verification", "sign-in", "forget-password", "change-email"}});
        f.required("otp", body.otp);
    }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};
}  // namespace

constexpr api::Description check_verification_otp_docs = api::describe<CheckBody, SuccessReply>(
    "verifyEmailWithOTP", "Check a code without using it up", {.refusals = {errors::invalid_email, errors::user_not_found, api::code_refusals}});
awaitable<Result<http::Response>> check_verification_otp(api::Context& ctx) {
    const auto body = ctx.body<CheckBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    if (!json::is_email(email)) co_return refuse(errors::invalid_email);
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    if (!user) co_return refuse(errors::user_not_found);
    const auto checked = co_await check(ctx, body->type, email, body->otp, identity::CodeUse::keep);
    if (!checked) co_return std::unexpected(checked.error());
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::email_otp
