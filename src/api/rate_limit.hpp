// Request limits per client address and exact path (auth-wire-facts.md, facts 47-49). The counters are this process's.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace argon::api {
using namespace std::chrono_literals;

/// At most `max` requests with no pause of `window` between them: each allowed request renews the window. `max` 0 means the default rule.
struct Limit {
    int max = 0;
    std::chrono::seconds window{0};
};
inline constexpr Limit default_limit{100, 10s};

class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Counts a request; nothing when it may pass, else the time to wait, in whole seconds, at least one.
    std::optional<std::chrono::seconds> check(std::string_view key, Limit limit, Time now);

private:
    struct Counter {
        int count = 0;
        Time last;
        std::chrono::seconds window;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, Counter> counters;
    };
    static void prune(Shard& shard, Time now);

    static constexpr std::size_t max_entries = 100'000;
    std::array<Shard, 16> shards_;
};
}  // namespace argon::api
