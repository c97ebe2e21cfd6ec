// Runs a coroutine on an I/O thread from a thread that may wait: start-up and shutdown only.
#pragma once

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/io_threads.hpp"

namespace argon::app {

/// `make` is called on I/O thread `index` and its awaitable run there; the result or exception comes back here.
template <class Make>
auto run_on(IoThreads& threads, std::size_t index, Make make) {
    using T = typename std::invoke_result_t<Make>::value_type;
    std::promise<T> promise;
    auto future = promise.get_future();
    asio::co_spawn(
        threads.io(index),
        [&promise, &make]() -> awaitable<> {
            try {
                if constexpr (std::is_void_v<T>) {
                    co_await make();
                    promise.set_value();
                } else {
                    promise.set_value(co_await make());
                }
            } catch (...) {
                promise.set_exception(std::current_exception());
            }
        },
        asio::detached);
    return future.get();
}
}  // namespace argon::app
