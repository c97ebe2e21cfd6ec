// Brakes per account and per recipient, beside the limits per client address: who guesses one account's password from many addresses, or
// has one mailbox flooded, is slowed down. They count for unknown addresses too, so they tell nobody who has an account. Off where
// limits are off. The counters are this process's.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/context.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec too_many_requests{429, "", "Too many requests. Please try again later."};
}  // namespace errors

class Brakes {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Counts a try at an account; nothing when it may go on, else the time to wait. Ten in a quarter of an hour are free, then each
    /// one doubles the wait. A try counts before its outcome is known: a hundred at once are not a hundred free ones.
    std::optional<std::chrono::seconds> try_account(std::string_view key, Time now);
    /// The owner got in: the count starts anew.
    void forgive(std::string_view key);
    /// Counts a mail to a recipient; nothing when it may go, else the time to wait. Five in an hour are free.
    std::optional<std::chrono::seconds> count_mail(std::string_view key, Time now);

private:
    struct Tries {
        int count = 0;
        Time last;
    };
    static constexpr std::size_t max_entries = 100'000;

    std::mutex mutex_;
    std::unordered_map<std::string, Tries> tries_;
    std::unordered_map<std::string, std::deque<Time>> mails_;
};

/// The answer to who must wait (auth-wire-facts.md, fact 49).
http::Response too_many_requests(std::chrono::seconds wait);

/// As Brakes, for the request's branch; `account` is an e-mail address in lower case or a phone number.
std::optional<http::Response> brake_account(const Context& ctx, std::string_view account);
void forgive_account(const Context& ctx, std::string_view account);
std::optional<http::Response> brake_mail(const Context& ctx, std::string_view recipient);
}  // namespace argon::api
