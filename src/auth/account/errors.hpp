#pragma once

#include "base/error.hpp"

namespace argon::auth::account::errors {
/// Without a body where tokens of providers are concerned (auth-wire-facts.md, fact 8).
inline constexpr ErrorSpec unauthorized{401, "", ""};
inline constexpr ErrorSpec last_account{400, "FAILED_TO_UNLINK_LAST_ACCOUNT", "You can't unlink your last account"};
inline constexpr ErrorSpec account_not_found{400, "ACCOUNT_NOT_FOUND", "Account not found"};
inline constexpr ErrorSpec ambiguous_account{400, "AMBIGUOUS_ACCOUNT", "Multiple accounts share this account ID. Pass a providerId to disambiguate."};
inline constexpr ErrorSpec provider_not_supported{400, "PROVIDER_NOT_SUPPORTED", "The provider is not supported"};
inline constexpr ErrorSpec provider_not_configured{400, "PROVIDER_NOT_CONFIGURED", "Account is not associated with a configured social provider."};
inline constexpr ErrorSpec no_access_token{400, "ACCESS_TOKEN_NOT_FOUND", "Access token not found"};
inline constexpr ErrorSpec no_refresh_token{400, "REFRESH_TOKEN_NOT_FOUND", "Refresh token not found"};
inline constexpr ErrorSpec access_token_failed{400, "FAILED_TO_GET_ACCESS_TOKEN", "Failed to get a valid access token"};
inline constexpr ErrorSpec refresh_failed{400, "FAILED_TO_REFRESH_ACCESS_TOKEN", "Failed to refresh access token"};
}  // namespace argon::auth::account::errors
