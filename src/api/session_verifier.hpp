// Sign-ins that end on another origin than the app's: the browser that began holds a challenge cookie, the redirect back to the app carries
// a verifier, and get-session takes both for a session (auth-service.md, 2.9). One without the other is worth nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/session.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec challenge_not_found{400, "SESSION_CHALLENGE_COOKIE_NOT_FOUND", "Session challenge cookie not found"};
inline constexpr ErrorSpec verification_not_found{400, "VERIFICATION_NOT_FOUND", "Verification not found"};
}  // namespace errors

inline constexpr std::string_view verifier_parameter = "neon_auth_session_verifier";

/// Sets the challenge cookie, under its name and the misspelt one of old clients. Returns what later knows it again; it tells nothing.
std::string set_challenge(const Context& ctx, http::Response& response);

/// A verifier for the user, good for five minutes and for the browser with that challenge.
awaitable<std::string> make_verifier(Context& ctx, pg::Executor& db, const UserId& user, std::string_view challenge);

/// Opens the session. The verifier is used up by one statement; with another browser's cookie it is not even found.
awaitable<Result<identity::SessionAndUser>> exchange_verifier(Context& ctx, const std::string& verifier);
inline constexpr Refusals exchange_refusals{errors::challenge_not_found, errors::verification_not_found, admit_refusals};
void clear_challenge(const Context& ctx, http::Response& response);
}  // namespace argon::api
