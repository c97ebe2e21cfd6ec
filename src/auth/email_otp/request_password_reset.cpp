// POST /email-otp/request-password-reset, /forget-password/email-otp: mail a code to whoever has the address. The answer is the same for every
// address, and as fast.
#include "api/brakes.hpp"
#include "api/pace.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

struct RequestBody {
    std::string email;

    static void fields(auto& f, auto& body) { f.required("email", body.email); }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};
}  // namespace

constexpr api::Description request_password_reset_docs = api::describe<RequestBody, SuccessReply>(
    "requestPasswordResetWithEmailOTP", "Mail a code for a new password", {.refusals = api::delivery_refusals});
constexpr api::Description forget_password_docs = api::describe<RequestBody, SuccessReply>(
    "forgetPasswordWithEmailOTP", "Former name of /email-otp/request-password-reset", {.refusals = api::delivery_refusals});
awaitable<Result<http::Response>> request_password_reset(api::Context& ctx) {
    const auto body = ctx.body<RequestBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    auto limited = co_await api::brake_mail(ctx, email);
    if (limited) co_return std::move(*limited);

    const auto begun = std::chrono::steady_clock::now();
    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    ctx.answers_first = true;
    Result<> sent;
    if (user) sent = co_await api::send_code(ctx, make_order(ctx, "forget-password", email, user));
    co_await api::even_out(begun);
    if (!sent) co_return std::unexpected(sent.error());
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::email_otp
