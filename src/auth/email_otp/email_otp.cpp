#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::RouteOptions rare{.limit = {3, 60s}};

constexpr api::Route table[] = {
    {Method::post, "/email-otp/send-verification-otp", send_verification_otp, rare, &send_verification_otp_docs},
    {Method::post, "/email-otp/check-verification-otp", check_verification_otp, rare, &check_verification_otp_docs},
    {Method::post, "/email-otp/verify-email", verify_email, rare, &verify_email_docs},
    {Method::post, "/sign-in/email-otp", sign_in, rare, &sign_in_docs},
    {Method::post, "/email-otp/request-password-reset", request_password_reset, rare, &request_password_reset_docs},
    {Method::post, "/forget-password/email-otp", request_password_reset, rare, &forget_password_docs},
    {Method::post, "/email-otp/reset-password", reset_password, rare, &reset_password_docs},
    // The name that Neon's server SDK calls (auth-service.md, 2.2).
    {Method::post, "/email-otp/passcode", reset_password, rare, &api::unlisted},
    {Method::post, "/email-otp/request-email-change", request_email_change, rare, &request_email_change_docs},
    {Method::post, "/email-otp/change-email", change_email, rare, &change_email_docs},
};

api::CodePurpose purpose_of(std::string_view type) {
    if (type == "sign-in") return api::CodePurpose::sign_in;
    if (type == "forget-password") return api::CodePurpose::forget_password;
    return api::CodePurpose::email_verification;
}
}  // namespace

std::span<const api::Route> routes() { return table; }

api::CodeOrder make_order(const api::Context& ctx, std::string_view type, const std::string& email, std::optional<identity::User> user) {
    const auto& rules = ctx.settings().advanced.emailOtp;
    return {.purpose = purpose_of(type),
            .identifier = std::string{type} + "-otp-" + email,
            .to = email,
            .length = rules.otpLength,
            .life = rules.expiresIn,
            .user = std::move(user)};
}

awaitable<Result<>> check(api::Context& ctx, std::string_view type, const std::string& email, const std::string& otp, identity::CodeUse use) {
    const auto allowed = ctx.settings().advanced.emailOtp.allowedAttempts;
    auto checked = co_await api::check_code(ctx, {std::string{type} + "-otp-" + email, otp, allowed, use});
    co_return checked;
}
}  // namespace argon::auth::email_otp
