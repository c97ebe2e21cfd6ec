// Which passwords a branch takes. Length is counted in UTF-16 units, as JavaScript does (auth-wire-facts.md, fact 27).
#pragma once

#include "api/context.hpp"
#include "api/description.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec password_too_short{400, "PASSWORD_TOO_SHORT", "Password too short"};
inline constexpr ErrorSpec password_too_long{400, "PASSWORD_TOO_LONG", "Password too long"};
inline constexpr ErrorSpec password_compromised{400, "PASSWORD_COMPROMISED", "This password is too easy to guess. Please choose another one."};
inline constexpr ErrorSpec invalid_password{400, "INVALID_PASSWORD", "Invalid password"};
inline constexpr ErrorSpec credential_not_found{400, "CREDENTIAL_ACCOUNT_NOT_FOUND", "Credential account not found"};
}  // namespace errors

Result<> check_password_length(const Context& ctx, std::string_view password);
/// Where the branch wants it: neither a common password nor one made of the user's own address.
Result<> check_password_strength(const Context& ctx, std::string_view password, std::string_view address = {});
inline constexpr Refusals length_refusals{errors::password_too_short, errors::password_too_long, errors::password_compromised};

/// Stores the new password's hash in the caller's transaction. Links that were mailed to reset the old one are void, and so are sessions
/// where the branch says so.
awaitable<> store_reset_password(Context& ctx, pg::Executor& db, UserId user, const std::string& password_hash);
}  // namespace argon::api
