#include "api/rate_limit.hpp"

namespace argon::api {

std::optional<std::chrono::seconds> RateLimiter::check(std::string_view key, Limit limit, Time now) {
    if (limit.max == 0) limit = default_limit;
    auto& shard = shards_[std::hash<std::string_view>{}(key) % shards_.size()];
    const std::lock_guard lock{shard.mutex};
    auto& counter = shard.counters[std::string{key}];
    if (now - counter.last > limit.window) counter.count = 0;
    counter.window = limit.window;
    if (counter.count >= limit.max) return std::chrono::ceil<std::chrono::seconds>(counter.last + limit.window - now + 1ms);
    ++counter.count;
    counter.last = now;
    if (shard.counters.size() > max_entries / shards_.size()) prune(shard, now);
    return {};
}

/// Old counters go first; if a flood of addresses fills the table with fresh ones, it starts anew rather than growing.
void RateLimiter::prune(Shard& shard, Time now) {
    std::erase_if(shard.counters, [&](const auto& entry) { return now - entry.second.last > entry.second.window; });
    if (shard.counters.size() > max_entries / 16) shard.counters.clear();
}
}  // namespace argon::api
