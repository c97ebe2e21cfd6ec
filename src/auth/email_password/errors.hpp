#pragma once

#include "base/error.hpp"

namespace argon::auth::email_password::errors {
inline constexpr ErrorSpec invalid_email_or_password{401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"};
inline constexpr ErrorSpec invalid_email{400, "INVALID_EMAIL", "Invalid email"};
inline constexpr ErrorSpec email_not_verified{403, "EMAIL_NOT_VERIFIED", "Email not verified"};
inline constexpr ErrorSpec sign_in_disabled{400, "EMAIL_PASSWORD_DISABLED", "Email and password is not enabled"};
inline constexpr ErrorSpec sign_up_disabled{400, "EMAIL_PASSWORD_SIGN_UP_DISABLED", "Email and password sign up is not enabled"};
inline constexpr ErrorSpec user_exists{422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email."};
inline constexpr ErrorSpec invalid_token{400, "INVALID_TOKEN", "Invalid token"};
inline constexpr ErrorSpec field_not_allowed{400, "FIELD_NOT_ALLOWED", "Field not allowed to be set"};
}  // namespace argon::auth::email_password::errors
