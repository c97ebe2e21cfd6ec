#pragma once

#include "base/error.hpp"

namespace argon::auth::social::errors {
inline constexpr ErrorSpec provider_not_found{404, "PROVIDER_NOT_FOUND", "Provider not found"};
inline constexpr ErrorSpec id_token_not_supported{404, "ID_TOKEN_NOT_SUPPORTED", "id_token not supported"};
inline constexpr ErrorSpec invalid_token{401, "INVALID_TOKEN", "Invalid token"};
inline constexpr ErrorSpec no_user_info{401, "FAILED_TO_GET_USER_INFO", "Failed to get user info"};
inline constexpr ErrorSpec no_email{401, "USER_EMAIL_NOT_FOUND", "User email not found"};
inline constexpr ErrorSpec not_entered{401, "OAUTH_LINK_ERROR", "account not linked"};
inline constexpr ErrorSpec linking_not_allowed{401, "LINKING_NOT_ALLOWED", "Account not linked - linking not allowed"};
inline constexpr ErrorSpec other_email{401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED", "Account not linked - different emails not allowed"};
inline constexpr ErrorSpec linked_elsewhere{417, "LINKING_FAILED", "Account not linked - unable to create account"};
inline constexpr ErrorSpec missing_origin{400, "MISSING_ORIGIN", "Origin header is required when callbackURL is not an absolute URL"};
}  // namespace argon::auth::social::errors
