// The counters that all nodes share, in the control database. A store that does not answer in time is left alone until it does again,
// and whoever asked it counts for itself: a dead database neither lifts a limit nor holds up a request.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/brake_counters.hpp"
#include "api/rate_limit.hpp"
#include "base/io_threads.hpp"
#include "pg/pool.hpp"

namespace argon::api {

class LimitStore {
public:
    /// What all nodes together have counted; `wait` is zero for who may go on.
    struct Verdict {
        int count = 0;
        std::chrono::milliseconds wait{0};
    };
    /// What all nodes together have counted of one of the keys that were told, and how long that counts.
    struct Total {
        std::size_t index = 0;
        int count = 0;
        std::chrono::milliseconds left{0};
    };

    LimitStore(IoThreads& threads, pg::PoolConfig database);

    // Each counts and judges in one statement, so that no number of nodes lets one request too many pass. Nothing when the store is silent.
    awaitable<std::optional<Verdict>> count_request(LimitKey key, Limit limit);
    awaitable<std::optional<Verdict>> try_account(LimitKey key);
    awaitable<std::optional<Verdict>> count_mail(LimitKey key);
    awaitable<> forgive(LimitKey key);

    /// Adds what a node counted under the default rule; empty when the store is silent.
    awaitable<std::vector<Total>> merge(std::span<const Unshared> told);

    /// Deletes what says nothing any more, and of too many rows those that would end first.
    awaitable<> prune();
    /// Asks again a store that was silent.
    awaitable<> probe();
    bool is_silent() const { return silent_; }
    /// Whether this node ever counted here.
    bool is_used() const { return used_; }

    /// For the calling thread's connection; about four times a second.
    void sweep(std::chrono::steady_clock::time_point now) { pools_[IoThreads::current_index()]->sweep(now); }

private:
    struct Question;
    static awaitable<> put(pg::Pool& pool, const pg::Statement& statement, pg::Params params, std::shared_ptr<Question> question);
    /// Nothing when there was no answer in time.
    awaitable<std::optional<pg::Rows>> ask(const pg::Statement& statement, pg::Params params);
    awaitable<std::optional<Verdict>> judge(const pg::Statement& statement, pg::Params params, std::chrono::milliseconds longest);
    void note(bool answered, const std::string& problem);

    IoThreads& threads_;
    std::vector<std::unique_ptr<pg::Pool>> pools_;  ///< by I/O thread; their own, so that a stuck count holds up nothing else
    std::atomic<bool> silent_{false};
    std::atomic<bool> used_{false};
};
}  // namespace argon::api
