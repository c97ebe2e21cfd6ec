// The coroutine vocabulary: every asynchronous function of the project returns awaitable<T>.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace argon {
namespace asio = boost::asio;

/// The concrete executor, not any_io_executor: one indirect call less for each operation.
using Executor = asio::io_context::executor_type;
template <class T = void>
using awaitable = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> use_awaitable;
}  // namespace argon
