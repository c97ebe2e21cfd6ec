// Brakes per account and per recipient, beside the limits per client address: who guesses one account's password from many addresses, or
// has one mailbox flooded, is slowed down. They count for unknown addresses too, so they tell nobody who has an account. Off where
// limits are off.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "api/context.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec too_many_requests{429, "", "Too many requests. Please try again later."};
}  // namespace errors

/// The answer to who must wait (auth-wire-facts.md, fact 49).
http::Response too_many_requests(std::chrono::seconds wait);

/// Counts a try at an account of the request's branch; an answer when it must wait. `account` is an e-mail address in lower case or a
/// phone number.
awaitable<std::optional<http::Response>> brake_account(const Context& ctx, std::string_view account);
/// Its owner got in: the tries start anew.
awaitable<> forgive_account(const Context& ctx, std::string_view account);
/// Counts a mail or message to a recipient; an answer when there were too many.
awaitable<std::optional<http::Response>> brake_mail(const Context& ctx, std::string_view recipient);
}  // namespace argon::api
