#include "app/control_follower.hpp"

#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "pg/errors.hpp"
#include "pg/listener.hpp"

namespace argon::app {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr const char* channel = "argonauth_control";

awaitable<> forget(api::Services& services, branches::AttachedDatabases& databases, BranchId branch) {
    try {
        co_await databases.reload(branch);
    } catch (const std::exception& error) {
        log::warn("a change cannot be read; it will be after the next connection", {{"branch", branch.value}, {"reason", error.what()}});
    }
    services.registry.invalidate(branch);
}

/// Returns when the connection ended. Throws pg::Unavailable when there was none.
awaitable<> follow_once(api::Services& services, branches::AttachedDatabases& databases, std::string conninfo) {
    const auto ended = std::make_shared<Timer>(services.io(), Timer::time_point::max());
    const auto listener = pg::Listener::create(services.io(), [&services, &databases, ended](std::string_view payload) {
        if (payload.empty()) {
            ended->cancel();
            return;
        }
        asio::co_spawn(services.io(), forget(services, databases, BranchId{std::string{payload}}), asio::detached);
    });
    co_await listener->start(std::move(conninfo), channel);
    // What changed before this moment was not heard of.
    co_await databases.reload({});
    services.registry.invalidate_all();
    boost::system::error_code ignored;
    if (listener->is_alive()) co_await ended->async_wait(asio::redirect_error(use_awaitable, ignored));
}

/// Not all nodes in the same moment.
std::chrono::milliseconds pause() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::chrono::milliseconds{200 + random() % 300};
}
}  // namespace

awaitable<> follow_control(api::Services& services, branches::AttachedDatabases& databases, std::shared_ptr<pg::Locator> control) {
    Timer timer{services.io()};
    bool silent = false;
    for (;;) {
        std::string problem = "the connection ended";
        try {
            co_await follow_once(services, databases, control->conninfo());
            silent = false;
        } catch (const std::exception& error) {
            problem = error.what();
            control->note_failure();
        }
        if (!silent) log::warn("changes of other nodes are not heard until the control database is back", {{"reason", problem}});
        silent = true;
        boost::system::error_code ignored;
        timer.expires_after(pause());
        co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    }
}
}  // namespace argon::app
