// Tries per account and mails per mailbox, as one node counts them; limit_store.hpp counts the same for all nodes.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

#include "api/rate_limit.hpp"

namespace argon::api {

/// Ten tries in a quarter of an hour are free, then each one doubles the wait, up to that quarter of an hour.
struct TryRule {
    static constexpr int free = 10;
    static constexpr std::chrono::seconds memory{15min};
};
/// Five mails in any hour.
struct MailRule {
    static constexpr int free = 5;
    static constexpr std::chrono::seconds memory{1h};
};

class BrakeCounters {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Counts a try at an account; nothing when it may go on, else the time to wait. A try counts before its outcome is known: a hundred
    /// at once are not a hundred free ones.
    std::optional<std::chrono::seconds> try_account(const LimitKey& key, Time now);
    /// The owner got in: the count starts anew.
    void forgive(const LimitKey& key);
    /// Counts a mail to a recipient; nothing when it may go, else the time to wait.
    std::optional<std::chrono::seconds> count_mail(const LimitKey& key, Time now);

private:
    struct Tries {
        int count = 0;
        Time last;
    };
    static constexpr std::size_t max_entries = 100'000;

    std::mutex mutex_;
    LimitTable<Tries> tries_;
    LimitTable<std::vector<Time>> mails_;
};
}  // namespace argon::api
