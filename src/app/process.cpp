#include "app/process.hpp"

#include <algorithm>
#include <thread>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "api/client_address.hpp"
#include "base/async.hpp"
#include "http/message.hpp"
#include "http/port_claim.hpp"
#include "http/url.hpp"

namespace argon::app {
namespace {
sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}
}  // namespace

void block_stop_signals() {
    const auto set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop() {
    const auto set = stop_signals();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int explain_failure(const std::function<void()>& work) {
    try {
        work();
        return 0;
    } catch (const http::ListenError& error) {
        fmt::print(stderr, "argonauth: {}. Choose another one with --host and --port.\n", error.what());
    } catch (const std::exception& error) {
        fmt::print(stderr, "argonauth: {}\n", error.what());
    }
    return 1;
}

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

std::size_t thread_count(std::size_t chosen) { return chosen ? chosen : cores(); }

bool is_loopback(const std::string& host) { return host == "127.0.0.1" || host == "::1"; }

std::vector<std::string> listen_addresses(const std::string& host) {
    if (host == "127.0.0.1") return {host, "::1"};
    return {host};
}

branches::Addresses make_addresses(const ServerOptions& options, std::uint16_t port) {
    branches::Addresses addresses{
        .public_url = options.public_url, .auth_domain = http::to_lower(options.auth_domain), .single_branch = options.single_branch};
    if (addresses.public_url.empty()) addresses.public_url = fmt::format("http://localhost:{}", port);
    while (addresses.public_url.ends_with('/')) addresses.public_url.pop_back();
    if (is_loopback(options.host))
        addresses.aliases = {fmt::format("http://localhost:{}", port), fmt::format("http://127.0.0.1:{}", port),
                             fmt::format("http://[::1]:{}", port)};
    return addresses;
}

std::vector<std::string> check(const ServerOptions& options) {
    std::vector<std::string> problems;
    make_delivery(options.delivery, problems);
    const auto parsed = http::parse_url(options.public_url);
    if (!options.public_url.empty() && (!parsed || (!parsed->rest.empty() && parsed->rest != "/"))) {
        problems.emplace_back("--public-url must be scheme, host and port, such as https://auth.example.com");
    }
    if (!options.auth_domain.empty() && (!http::is_valid_host(options.auth_domain) || options.auth_domain.find(':') != std::string::npos)) {
        problems.emplace_back("--auth-domain must be a host name without a port, such as auth.example.com");
    }
    if (!options.auth_domain.empty() && options.single_branch) {
        problems.emplace_back("--auth-domain gives each branch a host and --routing single serves one branch: choose one of them");
    }
    try {
        api::TrustedProxies{options.trusted_proxies};
    } catch (const std::invalid_argument& error) {
        problems.push_back(fmt::format("--trusted-proxies: {}", error.what()));
    }
    boost::system::error_code error;
    asio::ip::make_address(options.host, error);
    if (error) problems.emplace_back("--host must be an address such as 127.0.0.1 or 0.0.0.0");
    return problems;
}
}  // namespace argon::app
