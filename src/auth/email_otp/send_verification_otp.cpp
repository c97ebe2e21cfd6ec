// POST /email-otp/send-verification-otp: mail a code. The answer is the same for every address, and as fast.
#include "api/brakes.hpp"
#include "api/pace.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {
constexpr ErrorSpec invalid_type{400, "", "Invalid OTP type"};

struct SendBody {
    std::string email;
    std::string type;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("type", body.type, json::one_of{{"email-verification", "sign-in", "forget-password", "change-email"}});
    }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};
}  // namespace

constexpr api::Description send_verification_otp_docs = api::describe<SendBody, SuccessReply>(
    "sendEmailVerificationOTP", "Mail a code", {.refusals = {errors::invalid_email, invalid_type, api::delivery_refusals}});
awaitable<Result<http::Response>> send_verification_otp(api::Context& ctx) {
    const auto body = ctx.body<SendBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    if (!json::is_email(email)) co_return refuse(errors::invalid_email);
    if (body->type == "change-email") co_return refuse(invalid_type);
    auto limited = co_await api::brake_mail(ctx, email);
    if (limited) co_return std::move(*limited);

    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    const bool may_sign_up = body->type == "sign-in" && !ctx.settings().advanced.emailOtp.disableSignUp;
    ctx.answers_first = !may_sign_up;
    Result<> sent;
    if (user || may_sign_up) sent = co_await api::send_code(ctx, make_order(ctx, body->type, email, user));
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::email_otp
