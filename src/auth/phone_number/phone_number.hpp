// Phone numbers: proven by a code that the branch's webhook delivers, then good to sign in with - by code, or with the user's password.
#pragma once

#include <span>

#include "api/one_time.hpp"
#include "api/route.hpp"

namespace argon::auth::phone_number {

api::Endpoint send_otp, verify, sign_in, request_password_reset, reset_password;
extern const api::Description send_otp_docs, verify_docs, sign_in_docs, request_password_reset_docs, reset_password_docs;

namespace errors {
inline constexpr ErrorSpec invalid_phone_number{400, "INVALID_PHONE_NUMBER", "Invalid phone number"};
}  // namespace errors

/// A code for the number itself, or for a password reset of its owner.
api::CodeOrder make_order(const api::Context& ctx, const std::string& number, std::optional<identity::User> user);
api::CodeOrder make_reset_order(const api::Context& ctx, const std::string& number, std::optional<identity::User> user);
awaitable<Result<>> check(api::Context& ctx, const std::string& identifier, const std::string& code);
inline constexpr api::Refusals check_refusals{api::code_refusals, api::errors::otp_not_found};
std::string reset_identifier(const std::string& number);

std::span<const api::Route> routes();
}  // namespace argon::auth::phone_number
