// Checks that stand before a handler: where a request may come from, and where it may send people to.
#pragma once

#include <vector>

#include "api/context.hpp"
#include "api/description.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec missing_or_null_origin{403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin"};
inline constexpr ErrorSpec invalid_origin{403, "INVALID_ORIGIN", "Invalid origin"};
inline constexpr ErrorSpec cross_site_navigation{403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
                                                 "Cross-site navigation login blocked. This request appears to be a CSRF attack."};
inline constexpr ErrorSpec invalid_callback_url{403, "INVALID_CALLBACK_URL", "Invalid callbackURL"};
inline constexpr ErrorSpec invalid_redirect_url{403, "INVALID_REDIRECT_URL", "Invalid redirectURL"};
inline constexpr ErrorSpec invalid_error_callback_url{403, "INVALID_ERROR_CALLBACK_URL", "Invalid errorCallbackURL"};
inline constexpr ErrorSpec invalid_new_user_callback_url{403, "INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL"};
}  // namespace errors

/// A request that carries cookies must come from a trusted origin (auth-wire-facts.md, fact 43). Runs before the body is validated.
Result<> check_cookie_origin(const Context& ctx);
/// Sign-in and sign-up check where a browser came from even without cookies (fact 44). Runs after validation.
Result<> check_form_origin(const Context& ctx);
inline constexpr Refusals form_origin_refusals{errors::missing_or_null_origin, errors::invalid_origin, errors::cross_site_navigation};
/// Every redirect target of a body, and callbackURL of a query, must be trusted, even where the route ignores it (fact 45).
Result<> check_redirect_targets(const Context& ctx);
/// What that means for a body with these members.
std::vector<ErrorSpec> target_refusals(const json::Object& members);
/// The redirect targets in the query of a link that people open. Runs after validation.
Result<> check_link_targets(const Context& ctx);
inline constexpr Refusals link_target_refusals{errors::invalid_callback_url};
}  // namespace argon::api
