// Threads for what blocks: starting PostgreSQL, DDL, copying files. Never for a request's ordinary work.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <variant>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/async.hpp"

namespace argon {

class Workers {
public:
    explicit Workers(std::size_t count) : pool_(count) {}
    ~Workers() { pool_.join(); }

    /// Runs `function` on a worker; nobody waits for it, and it must not throw.
    void post(std::function<void()> function) { asio::post(pool_, std::move(function)); }

    /// Runs `function` on a worker and resumes the caller on the loop it came from, with the result or the exception.
    template <class Function>
    awaitable<std::invoke_result_t<Function>> run(asio::io_context& home, Function function) {
        using T = std::invoke_result_t<Function>;
        auto state = std::make_shared<State<T>>();
        co_await wait(home, [state, function = std::move(function)]() mutable {
            try {
                if constexpr (std::is_void_v<T>) {
                    function();
                } else {
                    state->value.emplace(function());
                }
            } catch (...) {
                state->error = std::current_exception();
            }
        });
        if (state->error) std::rethrow_exception(state->error);
        if constexpr (!std::is_void_v<T>) co_return std::move(*state->value);
    }

private:
    template <class T>
    struct State {
        std::exception_ptr error;
        std::conditional_t<std::is_void_v<T>, std::monostate, std::optional<std::conditional_t<std::is_void_v<T>, char, T>>> value;
    };

    awaitable<> wait(asio::io_context& home, std::function<void()> job) {
        return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
            [this, &home](auto handler, std::function<void()> work) {
                asio::post(pool_, [&home, handler = std::move(handler), work = std::move(work)]() mutable {
                    work();
                    work = nullptr;  // what it holds ends here, not beside the caller that goes on
                    asio::post(home, std::move(handler));
                });
            },
            use_awaitable, std::move(job));
    }

    asio::thread_pool pool_;
};
}  // namespace argon
