// The connections of one thread to one database, in libpq's pipeline mode: reads of one loop turn share a Sync,
// each write has its own (stack.md, 4.5). Opened on demand, closed when idle. Used on its own thread only.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "pg/executor.hpp"
#include "pg/locator.hpp"

namespace argon::pg {
using namespace std::chrono_literals;

struct PoolConfig {
    /// libpq's keyword/value connection string. Session settings are added by the pool.
    std::string conninfo;
    /// Where the server is, asked before each connection; `conninfo` then holds what differs, such as the database's name.
    std::shared_ptr<Locator> locator = {};
    std::size_t shared_connections = 2;       ///< pipelined, for single statements
    std::size_t transaction_connections = 4;  ///< one transaction at a time each
    std::chrono::seconds connect_timeout = 2s;
    std::chrono::seconds answer_timeout = 8s; ///< longer than statement_timeout, for a server that went silent
    std::chrono::seconds idle_timeout = 60s;
};

class Connection;
class Transaction;

class Pool : public Executor {
public:
    Pool(asio::io_context& io, PoolConfig config);
    ~Pool() override;

    awaitable<Rows> run(const Statement& statement, Params params) override;
    /// BEGIN travels with the first statement: a transaction costs no extra round trip.
    awaitable<Transaction> begin();

    /// Closes what is idle too long and fails what waits too long; to be called about four times a second.
    void sweep(std::chrono::steady_clock::time_point now);
    /// Closes every connection; statements under way fail with Unavailable.
    void close();
    std::size_t open_connections() const;

private:
    friend class Connection;
    friend class Transaction;

    /// Throws Unreachable without trying when the last attempt failed a moment ago.
    std::shared_ptr<Connection> open();
    void note_end(Connection& connection);
    std::shared_ptr<Connection> pick_shared();
    awaitable<std::shared_ptr<Connection>> check_out();
    awaitable<std::shared_ptr<Connection>> open_exclusive();
    void wake_waiters();
    void check_in(std::shared_ptr<Connection> connection);
    std::shared_ptr<Connection> replace_broken(std::shared_ptr<Connection> connection);

    asio::io_context& io_;
    PoolConfig config_;
    std::vector<std::shared_ptr<Connection>> shared_;
    std::vector<std::shared_ptr<Connection>> idle_exclusive_;
    std::vector<std::weak_ptr<Connection>> connecting_exclusive_;
    std::size_t exclusive_in_use_ = 0;
    struct Waiter;
    std::deque<std::shared_ptr<Waiter>> waiters_;
    // After a failed attempt: why, how often in a row, and when the next one is due.
    std::string problem_;
    unsigned failures_ = 0;
    std::chrono::steady_clock::time_point retry_at_;
};

/// Dropped without commit() it is rolled back in the background, before its connection serves anyone else.
class Transaction : public Executor {
public:
    Transaction(Pool& pool, std::shared_ptr<Connection> connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() override;

    awaitable<Rows> run(const Statement& statement, Params params) override;
    /// Nothing is promised to anyone before this returns. Throws when the commit did not succeed.
    awaitable<> commit();

private:
    Pool* pool_;
    std::shared_ptr<Connection> connection_;
    bool begun_ = false;
};
}  // namespace argon::pg
