#include "app/server.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/management_lookup.hpp"
#include "api/oauth_gateway.hpp"
#include "app/blocking.hpp"
#include "base/log.hpp"
#include "branches/branch_changes.hpp"
#include "branches/lifecycle.hpp"
#include "branches/restore_settlement.hpp"
#include "console/fake_idp/fake_idp.hpp"
#include "console/mailbox/mailbox.hpp"
#include "console/transfer/transfer.hpp"
#include "http/port_claim.hpp"

namespace argon::app {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr pg::Statement select_one{"app.check_ready", "SELECT 1"};

constexpr std::string_view front_page = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Argonauth</title><style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:38rem;margin:15vh auto;padding:0 1.5rem}
code{background:color-mix(in srgb,currentColor 10%,transparent);padding:.1em .35em;border-radius:.3em}</style></head>
<body><h1>Argonauth is running</h1><p>The management API is at <code>/api/v2</code>; each branch's auth service is at the
<code>base_url</code> that enabling auth returned. If a sign-in brought you here, it had nowhere else to go: the app gave no
address to return to, or one that this branch does not trust.</p></body></html>
)";

http::Response show_front_page() {
    auto response = http::Response::text(200, "text/html; charset=utf-8", std::string{front_page});
    response.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'");
    response.add("Referrer-Policy", "no-referrer");
    return response;
}

/// Whether it was done.
awaitable<bool> try_chore(std::string_view chore, awaitable<> work) {
    try {
        co_await std::move(work);
        co_return true;
    } catch (const std::exception& error) {
        log::warn("a chore failed and will be tried again", {{"chore", chore}, {"reason", error.what()}});
        co_return false;
    }
}

/// One that fails keeps none of the others from being done.
awaitable<bool> tidy_branches(branches::Engine engine) {
    const bool expired = co_await try_chore("delete branches whose time has come", branches::delete_expired_branches(engine));
    const bool removed = co_await try_chore("remove branches that were left half made", branches::remove_leftovers(engine));
    const bool settled = co_await try_chore("settle interrupted restores", branches::settle_interrupted_restores(engine));
    co_return expired&& removed&& settled;
}
}  // namespace

WebServer::WebServer(api::Services& services, api::AuthService& auth, const api::ManagementApi& management, api::LegacyApi& legacy,
                     http::ServerConfig config, const std::vector<std::string>& addresses, console::FakeIdentityProvider* fake_identity_provider)
    : services_(services), auth_(auth), management_(management), legacy_(legacy), fake_identity_provider_(fake_identity_provider) {
    listeners_.resize(services_.threads.size());
    for (const auto& address : addresses) {
        config.address = address;
        try {
            listen(config);
        } catch (const http::ListenError&) {
            if (address == addresses.front()) throw;
        }
    }
    asio::co_spawn(services_.threads.io(0), [this]() -> awaitable<> { co_await watch_the_clock(); }, asio::detached);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        asio::co_spawn(services_.threads.io(i), [this, i]() -> awaitable<> { co_await keep_house(i); }, asio::detached);
    }
}

WebServer::~WebServer() = default;

void WebServer::listen(const http::ServerConfig& config) {
    std::optional<http::PortClaim> claim;
    if (!config.shares_port) claim.emplace(config.address, config.port);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        listeners_[i].push_back(
            std::make_unique<http::Server>(services_.threads.io(i), config, [this](http::Request& request) { return answer(request); }));
    }
}

awaitable<http::Response> WebServer::answer(http::Request& request) {
    if (auth_.owns(request)) return auth_.handle(request);
    // A branch's own host carries nothing of the operator's: what runs there, a tenant trusts as its auth service.
    const bool of_branch = services_.addresses.endpoint_of_host(request.host).has_value();
    if (!of_branch && (request.path == "/api/v2" || request.path.starts_with("/api/v2/"))) return management_.handle(request);
    if (!of_branch && api::LegacyApi::owns(request.path)) return legacy_.handle(request);
    if (!of_branch && console::owns_mailbox(services_, request.path)) return console::serve_mailbox(services_, request);
    if (!of_branch && fake_identity_provider_ && fake_identity_provider_->owns(request.path)) return fake_identity_provider_->serve(request);
    if (!of_branch && api::owns_oauth_gateway(request.path)) return api::serve_oauth_gateway(services_, request);
    if (!of_branch && console::owns_transfer(request.path)) return console::serve_transfer(services_, request);
    if (request.path == "/health/ready") return check_ready();
    return [](const http::Request& other) -> awaitable<http::Response> {
        const bool reads = other.method == http::Method::get || other.method == http::Method::head;
        if (reads && other.path == "/health/live") co_return http::Response::text(200, "application/json", R"({"status":"ok"})");
        if (reads && other.path == "/") co_return show_front_page();
        co_return http::Response::empty(404);
    }(request);
}

/// Fit for traffic: not about to stop, and the control database answers.
awaitable<http::Response> WebServer::check_ready() {
    if (draining_) co_return http::Response::text(503, "application/json", R"({"status":"draining"})");
    std::string problem;
    try {
        co_await services_.control().query(select_one);
        co_return http::Response::text(200, "application/json", R"({"status":"ok"})");
    } catch (const std::exception& error) {
        problem = error.what();
    }
    log::warn("not ready: the control database does not answer", {{"reason", problem}});
    auto response = http::Response::text(503, "application/json", R"({"status":"unavailable","reason":"the control database does not answer"})");
    response.add("Retry-After", "1");
    co_return response;
}

/// Four times a second: connections that wait too long or are idle; on one thread, databases that ended or that nobody uses.
awaitable<> WebServer::keep_house(std::size_t index) {
    Timer timer{services_.threads.io(index)};
    while (!stopping_) {
        boost::system::error_code error;
        timer.expires_after(std::chrono::milliseconds{250});
        co_await timer.async_wait(asio::redirect_error(use_awaitable, error));
        const auto now = std::chrono::steady_clock::now();
        services_.control_pools[index]->sweep(now);
        services_.registry.sweep_pools(now);
        if (index != 0 || draining_) continue;
        co_await services_.workers.run(services_.threads.io(index), [this] { services_.compute.tend(); });
    }
}

/// Each second: branches whose time has come, and what a failure half-way left of others; less often while that fails. Apart from
/// keep_house, for deleting takes its time.
awaitable<> WebServer::watch_the_clock() {
    constexpr std::chrono::seconds often{1};
    constexpr std::chrono::seconds seldom{8};
    Timer timer{services_.threads.io(0)};
    auto pause = often;
    while (!stopping_) {
        boost::system::error_code error;
        timer.expires_after(pause);
        co_await timer.async_wait(asio::redirect_error(use_awaitable, error));
        if (stopping_) co_return;
        const bool done = co_await tidy_branches(api::make_engine(services_));
        pause = done ? often : std::min(pause * 2, seldom);
    }
}

void WebServer::drain(std::chrono::seconds patience, std::chrono::seconds notice) {
    draining_ = true;
    std::this_thread::sleep_for(notice);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        run_on(services_.threads, i, [this, i]() -> awaitable<> {
            for (const auto& listener : listeners_[i]) listener->drain();
            co_return;
        });
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    const auto open = [this] {
        std::size_t count = 0;
        for (std::size_t i = 0; i < listeners_.size(); ++i) {
            count += run_on(services_.threads, i, [this, i]() -> awaitable<std::size_t> {
                std::size_t sum = 0;
                for (const auto& listener : listeners_[i]) sum += listener->open_connections();
                co_return sum;
            });
        }
        return count;
    };
    while (open() > 0 && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    stopping_ = true;
}
}  // namespace argon::app
