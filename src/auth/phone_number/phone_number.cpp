#include "auth/phone_number/phone_number.hpp"

namespace argon::auth::phone_number {
namespace {
using namespace std::chrono_literals;
using http::Method;

bool is_on(const identity::Settings& settings) { return settings.plugins.phoneNumber.enabled; }

constexpr api::RouteOptions limited{.limit = {10, 60s}, .exists = is_on};

constexpr api::Route table[] = {
    {Method::post, "/phone-number/send-otp", send_otp, limited, &send_otp_docs},
    {Method::post, "/phone-number/verify", verify, limited, &verify_docs},
    {Method::post, "/sign-in/phone-number", sign_in, {.limit = {3, 10s}, .exists = is_on}, &sign_in_docs},
    {Method::post, "/phone-number/request-password-reset", request_password_reset, limited, &request_password_reset_docs},
    {Method::post, "/phone-number/reset-password", reset_password, limited, &reset_password_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }

std::string reset_identifier(const std::string& number) { return number + "-request-password-reset"; }

api::CodeOrder make_order(const api::Context& ctx, const std::string& number, std::optional<identity::User> user) {
    const auto& settings = ctx.settings();
    return {.purpose = api::CodePurpose::phone_verification,
            .identifier = number,
            .to = number,
            .by_phone = true,
            .length = settings.advanced.phone.otpLength,
            .life = settings.plugins.phoneNumber.config.otp_expires_in,
            .user = std::move(user)};
}

api::CodeOrder make_reset_order(const api::Context& ctx, const std::string& number, std::optional<identity::User> user) {
    auto order = make_order(ctx, number, std::move(user));
    order.purpose = api::CodePurpose::phone_forget_password;
    order.identifier = reset_identifier(number);
    return order;
}

awaitable<Result<>> check(api::Context& ctx, const std::string& identifier, const std::string& code) {
    const auto allowed = ctx.settings().plugins.phoneNumber.config.allowed_attempts;
    auto checked = co_await api::check_code(ctx, {identifier, code, allowed, identity::CodeUse::consume, api::errors::otp_not_found});
    co_return checked;
}
}  // namespace argon::auth::phone_number
