#include "api/pace.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace argon::api {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
constexpr std::chrono::milliseconds step{100};
}  // namespace

awaitable<> even_out(std::chrono::steady_clock::time_point begun) {
    const auto steps = (std::chrono::steady_clock::now() - begun) / step + 1;
    const auto executor = co_await asio::this_coro::executor;
    Timer timer{executor, begun + steps * step};
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
}
}  // namespace argon::api
