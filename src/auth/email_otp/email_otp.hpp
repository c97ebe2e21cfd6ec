// Codes by mail: to sign in (or up), to prove an address, to set a new password, to move to another address. One code per address and
// purpose; a few wrong tries void it.
#pragma once

#include <span>

#include "api/one_time.hpp"
#include "api/route.hpp"

namespace argon::auth::email_otp {

api::Endpoint send_verification_otp, check_verification_otp, verify_email, sign_in, request_password_reset, reset_password, request_email_change,
    change_email;
extern const api::Description send_verification_otp_docs, check_verification_otp_docs, verify_email_docs, sign_in_docs, request_password_reset_docs,
    reset_password_docs, request_email_change_docs, change_email_docs, forget_password_docs;

namespace errors {
inline constexpr ErrorSpec invalid_email{400, "INVALID_EMAIL", "Invalid email"};
inline constexpr ErrorSpec user_not_found{400, "USER_NOT_FOUND", "User not found"};
inline constexpr ErrorSpec change_disabled{400, "", "Change email with OTP is disabled"};
}  // namespace errors

/// The order for a code of the branch's length and life. `type` is the wire's: `sign-in`, `email-verification`, `forget-password`.
api::CodeOrder make_order(const api::Context& ctx, std::string_view type, const std::string& email, std::optional<identity::User> user);
awaitable<Result<>> check(api::Context& ctx, std::string_view type, const std::string& email, const std::string& otp,
                          identity::CodeUse use = identity::CodeUse::consume);

std::span<const api::Route> routes();
}  // namespace argon::auth::email_otp
