#include "api/rate_limit.hpp"

#include <algorithm>
#include <utility>

namespace argon::api {
namespace {
/// Of the default rule: who needs more than a dozen nodes to reach the limit does not reach it.
constexpr int worth_telling = default_limit.max / 12;
}  // namespace

std::optional<std::chrono::seconds> RateLimiter::check(const LimitKey& key, Limit limit, Time now) {
    const bool told_later = limit.is_default();
    if (told_later) limit = default_limit;
    auto& shard = shard_of(key);
    const std::lock_guard lock{shard.mutex};
    auto& counter = shard.counters[key];
    if (now - counter.last > limit.window) counter.count = counter.unshared = 0;
    counter.window = limit.window;
    if (counter.count >= limit.max) return std::chrono::ceil<std::chrono::seconds>(counter.last + limit.window - now + 1ms);
    ++counter.count;
    counter.last = now;
    if (told_later) {
        ++counter.unshared;
        if (!counter.listed && counter.count >= worth_telling) {
            counter.listed = true;
            shard.to_tell.push_back(key);
        }
    }
    if (shard.counters.size() > max_entries / shards_.size()) prune(shard, now);
    return {};
}

std::vector<Unshared> RateLimiter::unshared(Time now) {
    std::vector<Unshared> found;
    for (auto& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        for (const auto& key : std::exchange(shard.to_tell, {})) {
            const auto entry = shard.counters.find(key);
            if (entry == shard.counters.end()) continue;
            auto& counter = entry->second;
            counter.listed = false;
            const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - counter.last);
            if (counter.unshared > 0 && age < counter.window) found.push_back({key, counter.unshared, age});
        }
    }
    return found;
}

void RateLimiter::learn_total(const Unshared& told, int total, std::chrono::milliseconds age, Time now) {
    auto& shard = shard_of(told.key);
    const std::lock_guard lock{shard.mutex};
    const auto entry = shard.counters.find(told.key);
    if (entry == shard.counters.end()) return;
    auto& counter = entry->second;
    counter.unshared = std::max(0, counter.unshared - told.hits);
    counter.count = std::max(counter.count, total + counter.unshared);
    counter.last = std::max(counter.last, now - age);
}

void RateLimiter::learn_refusal(const LimitKey& key, Limit limit, std::chrono::milliseconds wait, Time now) {
    auto& shard = shard_of(key);
    const std::lock_guard lock{shard.mutex};
    auto& counter = shard.counters[key];
    counter.window = limit.window;
    counter.count = limit.max;
    counter.last = now + wait - limit.window;
}

void RateLimiter::learn_count(const LimitKey& key, int count) {
    auto& shard = shard_of(key);
    const std::lock_guard lock{shard.mutex};
    const auto entry = shard.counters.find(key);
    if (entry != shard.counters.end()) entry->second.count = std::max(entry->second.count, count);
}

/// Old counters go first; if a flood of addresses fills the table with fresh ones, it starts anew rather than growing.
void RateLimiter::prune(Shard& shard, Time now) {
    std::erase_if(shard.counters, [&](const auto& entry) { return now - entry.second.last > entry.second.window; });
    if (shard.counters.size() > max_entries / 16) shard.counters.clear();
}
}  // namespace argon::api
