#include "api/limits.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "base/sleep.hpp"

namespace argon::api {
namespace {
using Clock = std::chrono::steady_clock;

constexpr auto between_sweeps = 250ms;
constexpr auto between_tellings = 500ms;
constexpr auto between_prunings = 10s;

Limits::Wait whole_seconds(std::chrono::milliseconds wait) {
    if (wait <= 0ms) return {};
    return std::chrono::ceil<std::chrono::seconds>(wait);
}
}  // namespace

Limits::Limits(IoThreads& threads, const pg::PoolConfig& control_database, const crypto::MasterKey& master_key)
    : threads_(threads), hash_(master_key.derive("limit keys")), store_(threads, control_database) {}

void Limits::start() {
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        asio::co_spawn(threads_.io(i), [this, i]() -> awaitable<> { co_await keep_connection(i); }, asio::detached);
    }
    asio::co_spawn(threads_.io(0), [this]() -> awaitable<> { co_await keep_in_step(); }, asio::detached);
}

LimitKey Limits::key_of(std::string_view kind, std::string_view subject) const { return hash_(fmt::format("{}|{}", kind, subject)); }

awaitable<Limits::Wait> Limits::count_request(std::string_view subject, Limit limit) {
    const auto key = key_of("request", subject);
    const auto wait = requests_.check(key, limit, Clock::now());
    // What this node refuses all nodes would: their counts only add to its own.
    if (wait || limit.is_default()) co_return wait;
    const auto together = co_await count_together(key, limit);
    co_return together;
}

awaitable<Limits::Wait> Limits::count_together(LimitKey key, Limit limit) {
    const auto verdict = co_await store_.count_request(key, limit);
    if (!verdict) co_return std::nullopt;
    if (verdict->wait <= 0ms) {
        requests_.learn_count(key, verdict->count);
        co_return std::nullopt;
    }
    requests_.learn_refusal(key, limit, verdict->wait, Clock::now());
    co_return whole_seconds(verdict->wait);
}

awaitable<Limits::Wait> Limits::try_account(std::string_view subject) {
    const auto key = key_of("try", subject);
    const auto own = brakes_.try_account(key, Clock::now());
    // Another node may have forgiven what this one still holds against the account: all nodes' word counts, if it is to be had.
    const auto verdict = co_await store_.try_account(key);
    co_return verdict ? whole_seconds(verdict->wait) : own;
}

awaitable<Limits::Wait> Limits::count_mail(std::string_view subject) {
    const auto key = key_of("mail", subject);
    const auto own = brakes_.count_mail(key, Clock::now());
    const auto verdict = co_await store_.count_mail(key);
    co_return verdict ? whole_seconds(verdict->wait) : own;
}

awaitable<> Limits::forgive(std::string_view subject) {
    const auto key = key_of("try", subject);
    brakes_.forgive(key);
    co_await store_.forgive(key);
}

awaitable<> Limits::keep_connection(std::size_t index) {
    while (!stopping_) {
        co_await sleep(threads_.io(index), between_sweeps);
        store_.sweep(Clock::now());
    }
}

awaitable<> Limits::keep_in_step() {
    auto pruned = Clock::now();
    while (!stopping_) {
        co_await sleep(threads_.io(0), between_tellings);
        co_await tell_and_learn();
        if (!store_.is_used() || Clock::now() - pruned < between_prunings) continue;
        pruned = Clock::now();
        co_await store_.prune();
    }
}

awaitable<> Limits::tell_and_learn() {
    const auto told = requests_.unshared(Clock::now());
    if (store_.is_silent()) {
        co_await store_.probe();
        co_return;
    }
    constexpr std::size_t at_once = 2000;
    for (std::size_t begin = 0; begin < told.size() && !store_.is_silent(); begin += at_once) {
        const std::span part{told.data() + begin, std::min(at_once, told.size() - begin)};
        const auto totals = co_await store_.merge(part);
        for (const auto& total : totals) {
            const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(default_limit.window) - total.left;
            requests_.learn_total(part[total.index], total.count, age, Clock::now());
        }
    }
}
}  // namespace argon::api
