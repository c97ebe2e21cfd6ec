// One libpq connection in pipeline mode on one io_context. Internal to pg/.
#pragma once

#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "pg/executor.hpp"

struct pg_conn;

namespace argon::pg {

using Completion = void(std::exception_ptr, Rows);
/// The concrete handler type of `co_await`, so that waiting costs no type erasure.
using CompletionHandler = asio::async_result<asio::use_awaitable_t<argon::Executor>, Completion>::handler_type;

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& io, const std::string& conninfo, std::function<void(Connection&)> on_broken);
    ~Connection();

    void start();
    awaitable<Rows> run(const Statement& statement, Params params);
    /// Queues a statement whose answer nobody waits for (ROLLBACK).
    void run_detached(const Statement& statement);

    bool is_broken() const { return state_ == State::broken; }
    bool is_ready() const { return state_ == State::ready; }
    /// It was ready once: whatever ended it, the server could be reached.
    bool was_ready() const { return was_ready_; }
    const std::string& end_reason() const { return end_reason_; }
    /// Statements accepted and not answered yet.
    std::size_t load() const { return waiting_.size() + in_flight_; }
    std::chrono::steady_clock::time_point last_used() const { return last_used_; }
    /// When the oldest unanswered statement was accepted, or the connection attempt began.
    std::optional<std::chrono::steady_clock::time_point> oldest_wait() const;
    /// Ends the connection; whoever waits gets Unavailable, or Unreachable when it never was ready.
    void fail(const std::string& reason);
    /// Ends what took too long, saying where it hung.
    void time_out();

private:
    enum class State { connecting, ready, broken };

    struct Job {
        const Statement* statement;
        Params params;
        std::optional<CompletionHandler> handler;
        std::chrono::steady_clock::time_point since;
        bool alone = false;  ///< sent once more, with a Sync of its own and no prepared statement: what can go wrong is its own fault
    };
    /// What was sent, in the order in which results come back.
    struct Sent {
        enum class Kind { prepare, query, sync } kind;
        Job job;
        Rows rows;
        std::exception_ptr error;
        bool is_named = false; ///< a `prepare` whose statement the server keeps
        bool aborted = false;  ///< skipped, because something before it in the same batch failed
        bool misnamed = false; ///< the server does not know the prepared statement, or knows another one by its name
    };
    /// What is known of a prepared statement. Whether it can be relied on is only known when the server has said so.
    enum class Preparation { sent, done, foreign };
    struct Outcome {
        CompletionHandler handler;
        std::exception_ptr error;
        Rows rows;
    };

    void enqueue(Job job);
    void schedule_send();
    void send_waiting();
    bool send_job(Job job);
    bool send_sync();
    void flush();
    void await_connect(int poll_status);
    void on_connect_ready();
    void await_readable();
    void on_readable();
    void collect(std::vector<Outcome>& outcomes);
    void finish_front(std::vector<Outcome>& outcomes);
    void finish_prepare(const Sent& prepare);
    bool uses_name(const Job& job) const;
    void note_result(struct pg_result* result);
    void deliver(std::vector<Outcome> outcomes);
    std::string last_error() const;

    asio::io_context& io_;
    pg_conn* conn_;
    asio::posix::basic_stream_descriptor<argon::Executor> socket_;
    std::function<void(Connection&)> on_broken_;
    State state_ = State::connecting;
    bool was_ready_ = false;
    std::string end_reason_;
    std::deque<Job> waiting_;
    std::deque<Sent> sent_;
    std::size_t in_flight_ = 0;
    std::map<std::string_view, Preparation> prepared_;
    bool send_scheduled_ = false;
    bool awaiting_write_ = false;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_used_;
};
}  // namespace argon::pg
