// The I/O threads: one io_context each. Per-thread things (connection pools, caches) are found by current_index().
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include "base/async.hpp"

namespace argon {

class IoThreads {
public:
    explicit IoThreads(std::size_t count);
    ~IoThreads();

    std::size_t size() const { return loops_.size(); }
    asio::io_context& io(std::size_t index) { return *loops_[index]; }
    /// Starts the threads; returns at once.
    void start();
    /// Lets the loops run out of work, then joins; `stop` ends them at once instead.
    void join();
    void stop();

    /// The index of the I/O thread that calls; other threads must not ask.
    static std::size_t current_index();
    /// The loop of the I/O thread that calls.
    asio::io_context& current() { return io(current_index()); }

private:
    using WorkGuard = asio::executor_work_guard<Executor>;
    std::vector<std::unique_ptr<asio::io_context>> loops_;
    std::vector<WorkGuard> guards_;
    std::vector<std::thread> threads_;
};
}  // namespace argon
