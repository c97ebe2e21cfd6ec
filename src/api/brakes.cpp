#include "api/brakes.hpp"

#include <algorithm>

namespace argon::api {
namespace {
constexpr int free_tries = 10;
constexpr std::chrono::minutes memory_of_tries{15};
constexpr std::size_t free_mails = 5;
constexpr std::chrono::hours memory_of_mails{1};

std::string key_of(const Context& ctx, std::string_view subject) { return ctx.branch->endpoint.value + "|" + std::string{subject}; }

std::chrono::seconds rest_of(Brakes::Time until, Brakes::Time now) {
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(until - now));
}
}  // namespace

std::optional<std::chrono::seconds> Brakes::try_account(std::string_view key, Time now) {
    const std::lock_guard lock{mutex_};
    if (tries_.size() >= max_entries) {
        std::erase_if(tries_, [&](const auto& entry) { return now - entry.second.last > memory_of_tries; });
        if (tries_.size() >= max_entries) tries_.clear();  // a flood of names: it starts anew rather than growing
    }
    auto& tries = tries_[std::string{key}];
    if (now - tries.last > memory_of_tries) tries.count = 0;
    const auto excess = tries.count - free_tries;
    const auto wait =
        excess < 0 ? std::chrono::seconds{0} : std::min<std::chrono::seconds>(std::chrono::seconds{1L << std::min(excess, 10)}, memory_of_tries);
    if (now < tries.last + wait) return rest_of(tries.last + wait, now);
    ++tries.count;
    tries.last = now;
    return {};
}

void Brakes::forgive(std::string_view key) {
    const std::lock_guard lock{mutex_};
    tries_.erase(std::string{key});
}

std::optional<std::chrono::seconds> Brakes::count_mail(std::string_view key, Time now) {
    const std::lock_guard lock{mutex_};
    if (mails_.size() >= max_entries) {
        std::erase_if(mails_, [&](const auto& entry) { return now - entry.second.back() > memory_of_mails; });
        if (mails_.size() >= max_entries) mails_.clear();
    }
    auto& mails = mails_[std::string{key}];
    while (!mails.empty() && now - mails.front() > memory_of_mails) mails.pop_front();
    if (mails.size() >= free_mails) return rest_of(mails.front() + memory_of_mails, now);
    mails.push_back(now);
    return {};
}

http::Response too_many_requests(std::chrono::seconds wait) {
    auto response = http::Response::text(429, "text/plain", R"({"message":"Too many requests. Please try again later."})");
    response.add("X-Retry-After", std::to_string(wait.count()));
    return response;
}

std::optional<http::Response> brake_account(const Context& ctx, std::string_view account) {
    if (!ctx.brakes) return {};
    const auto wait = ctx.brakes->try_account(key_of(ctx, account), std::chrono::steady_clock::now());
    if (!wait) return {};
    return too_many_requests(*wait);
}

void forgive_account(const Context& ctx, std::string_view account) {
    if (ctx.brakes) ctx.brakes->forgive(key_of(ctx, account));
}

std::optional<http::Response> brake_mail(const Context& ctx, std::string_view recipient) {
    if (!ctx.brakes) return {};
    const auto wait = ctx.brakes->count_mail(key_of(ctx, recipient), std::chrono::steady_clock::now());
    if (!wait) return {};
    return too_many_requests(*wait);
}
}  // namespace argon::api
