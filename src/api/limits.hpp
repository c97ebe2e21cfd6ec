// Every limit on how often: requests per client address and path, tries per account, mails per mailbox. The strict ones are counted by
// all nodes together, one statement in the control database for each request. The default rule, which get-session falls under, is
// counted by each node and told to the others twice a second: its requests wait for nothing. docs/design/0008-shared-limits.md.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/brake_counters.hpp"
#include "api/limit_store.hpp"
#include "api/rate_limit.hpp"

namespace argon::api {

class Limits {
public:
    using Wait = std::optional<std::chrono::seconds>;

    Limits(IoThreads& threads, const pg::PoolConfig& control_database, const crypto::MasterKey& master_key);

    /// Begins to tell the other nodes. Call once, when the I/O threads run.
    void start();
    void stop() { stopping_ = true; }

    // Each counts one; nothing when it may go on, else how long to wait. `subject` says what is counted, its branch included.
    awaitable<Wait> count_request(std::string_view subject, Limit limit);
    awaitable<Wait> try_account(std::string_view subject);
    awaitable<Wait> count_mail(std::string_view subject);
    /// The owner got in: the tries start anew.
    awaitable<> forgive(std::string_view subject);

private:
    LimitKey key_of(std::string_view kind, std::string_view subject) const;
    awaitable<Wait> count_together(LimitKey key, Limit limit);
    awaitable<> keep_connection(std::size_t index);
    awaitable<> keep_in_step();
    awaitable<> tell_and_learn();

    IoThreads& threads_;
    crypto::ShortHasher hash_;
    RateLimiter requests_;
    BrakeCounters brakes_;
    LimitStore store_;
    std::atomic<bool> stopping_{false};
};
}  // namespace argon::api
