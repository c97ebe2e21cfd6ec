#include "api/brake_counters.hpp"

#include <algorithm>

namespace argon::api {
namespace {
std::chrono::seconds rest_of(BrakeCounters::Time until, BrakeCounters::Time now) {
    return std::max(1s, std::chrono::ceil<std::chrono::seconds>(until - now));
}
}  // namespace

std::optional<std::chrono::seconds> BrakeCounters::try_account(const LimitKey& key, Time now) {
    const std::lock_guard lock{mutex_};
    if (tries_.size() >= max_entries) {
        std::erase_if(tries_, [&](const auto& entry) { return now - entry.second.last > TryRule::memory; });
        if (tries_.size() >= max_entries) tries_.clear();  // a flood of names: it starts anew rather than growing
    }
    auto& tries = tries_[key];
    if (now - tries.last > TryRule::memory) tries.count = 0;
    const auto excess = tries.count - TryRule::free;
    const auto wait = excess < 0 ? 0s : std::min(std::chrono::seconds{1L << std::min(excess, 10)}, TryRule::memory);
    if (now < tries.last + wait) return rest_of(tries.last + wait, now);
    ++tries.count;
    tries.last = now;
    return {};
}

void BrakeCounters::forgive(const LimitKey& key) {
    const std::lock_guard lock{mutex_};
    tries_.erase(key);
}

std::optional<std::chrono::seconds> BrakeCounters::count_mail(const LimitKey& key, Time now) {
    const std::lock_guard lock{mutex_};
    if (mails_.size() >= max_entries) {
        std::erase_if(mails_, [&](const auto& entry) { return now - entry.second.back() > MailRule::memory; });
        if (mails_.size() >= max_entries) mails_.clear();
    }
    auto& mails = mails_[key];
    std::erase_if(mails, [&](Time mail) { return now - mail > MailRule::memory; });
    if (mails.size() >= MailRule::free) return rest_of(mails.front() + MailRule::memory, now);
    mails.push_back(now);
    return {};
}
}  // namespace argon::api
