// Request limits per client address and exact path (auth-wire-facts.md, facts 47-49), as one node counts them. What the other nodes
// counted is told to it (limits.hpp).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "crypto/short_hash.hpp"

namespace argon::api {
using namespace std::chrono_literals;

/// At most `max` requests with no pause of `window` between them: each allowed request renews the window. `max` 0 means the default rule.
struct Limit {
    int max = 0;
    std::chrono::seconds window{0};

    bool is_default() const { return max == 0; }
};
inline constexpr Limit default_limit{100, 10s};

/// What is counted, hashed: an entry is small however long a path or a number somebody sends.
using LimitKey = crypto::ShortHash;
struct HashOfLimitKey {
    std::size_t operator()(const LimitKey& key) const {
        std::size_t hash;
        std::memcpy(&hash, key.data(), sizeof hash);
        return hash;
    }
};
template <class T>
using LimitTable = std::unordered_map<LimitKey, T, HashOfLimitKey>;

/// Requests under the default rule that the other nodes have not heard of.
struct Unshared {
    LimitKey key;
    int hits;
    std::chrono::milliseconds age;  ///< since the last of them
};

class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Counts a request; nothing when it may pass, else the time to wait, in whole seconds, at least one.
    std::optional<std::chrono::seconds> check(const LimitKey& key, Limit limit, Time now);

    /// What is worth telling: who stays far below the default limit here costs the other nodes nothing.
    std::vector<Unshared> unshared(Time now);
    /// All nodes together counted `total` under the default rule, `told` of which this one had reported; the last was `age` ago.
    void learn_total(const Unshared& told, int total, std::chrono::milliseconds age, Time now);
    /// All nodes together refused the last request, or counted more than this one knew of.
    void learn_refusal(const LimitKey& key, Limit limit, std::chrono::milliseconds wait, Time now);
    void learn_count(const LimitKey& key, int count);

private:
    struct Counter {
        int count = 0;
        int unshared = 0;
        bool listed = false;  ///< in the shard's list of what is to be told
        Time last;
        std::chrono::seconds window;
    };
    struct Shard {
        std::mutex mutex;
        LimitTable<Counter> counters;
        std::vector<LimitKey> to_tell;
    };
    Shard& shard_of(const LimitKey& key) { return shards_[static_cast<unsigned char>(key.back()) % shards_.size()]; }
    static void prune(Shard& shard, Time now);

    static constexpr std::size_t max_entries = 100'000;
    std::array<Shard, 16> shards_;
};
}  // namespace argon::api
