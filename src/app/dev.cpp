#include "app/dev.hpp"

#include <cstdio>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include "api/delivery.hpp"
#include "api/limits.hpp"
#include "app/blocking.hpp"
#include "app/control.hpp"
#include "app/database_ports.hpp"
#include "app/features.hpp"
#include "app/first_project.hpp"
#include "app/panel.hpp"
#include "app/process.hpp"
#include "app/process_limits.hpp"
#include "app/server.hpp"
#include "base/log.hpp"
#include "branches/lifecycle.hpp"
#include "console/fake_idp/fake_idp.hpp"
#include "http/port_claim.hpp"
#include "management/routes.hpp"
#include "stack/routes.hpp"

namespace argon::app {
namespace {
constexpr std::chrono::seconds drain_patience{10};

/// `<anything>.localhost` is loopback by RFC 6761, but glibc knows that only with the package libnss-myhostname.
bool resolves_subdomains_of_localhost() {
    addrinfo* found = nullptr;
    const bool resolved = ::getaddrinfo("argonauth.localhost", nullptr, nullptr, &found) == 0;
    if (found) ::freeaddrinfo(found);
    return resolved;
}

branches::Addresses make_dev_addresses(const DevOptions& options, std::uint16_t port) {
    auto addresses = make_addresses(options, port);
    if (resolves_subdomains_of_localhost()) addresses.database_domain = "localhost";
    return addresses;
}

std::vector<std::string> check_dev(const DevOptions& options) {
    auto problems = check(options);
    boost::system::error_code error;
    asio::ip::make_address(options.database_host, error);
    if (error) problems.emplace_back("--database-host must be an address such as 127.0.0.1 or 0.0.0.0");
    return problems;
}

/// Where this process reaches itself.
std::string own_address(const std::string& host, std::uint16_t port) {
    if (host == "0.0.0.0" || host == "127.0.0.1") return fmt::format("http://127.0.0.1:{}", port);
    if (host == "::") return fmt::format("http://[::1]:{}", port);
    return host.find(':') == std::string::npos ? fmt::format("http://{}:{}", host, port) : fmt::format("http://[{}]:{}", host, port);
}

void serve(const DevOptions& options, api::OauthConfig oauth) {
    auto control = open_control({options.data_dir, options.pg_bin, options.pg_user}, options.ephemeral);
    std::optional<http::FreePort> free_port;
    if (options.port == 0) free_port.emplace(options.host);
    const auto port = free_port ? free_port->number() : options.port;
    // Before anything is started; the server itself claims it again.
    static_cast<void>(http::PortClaim{options.host, port});

    IoThreads threads{thread_count(options.threads)};
    Workers workers{4};
    branches::Clusters clusters{control.directory, control.clusters, workers};
    const auto conninfo = clusters.start_control();
    publish(control, conninfo);
    pg::Session session{conninfo};
    branches::recover_unfinished(session, clusters);

    branches::Registry registry{threads, clusters, workers};
    branches::DatabaseProxy proxy{threads.io(0), clusters, options.database_host};
    api::Services services{.threads = threads,
                           .workers = workers,
                           .compute = clusters,
                           .registry = registry,
                           .proxy = proxy,
                           .master_key = control.master_key,
                           .addresses = make_dev_addresses(options, port),
                           .control_pools = {},
                           .oauth = std::move(oauth)};
    console::FakeIdentityProvider fake{services.addresses, control.master_key, own_address(options.host, port)};
    if (options.fake_identity_provider) {
        for (const auto* id : {"google", "github", "microsoft", "vercel"}) services.oauth.shared.try_emplace(id, fake.stand_in(id));
    }
    std::vector<std::string> checked_before;
    auto delivery_config = make_delivery(options.delivery, checked_before);
    delivery_config.keeps_mailbox = true;
    api::Delivery delivery{threads, std::move(delivery_config)};
    services.delivery = &delivery;
    api::Limits limits{threads, {.conninfo = conninfo}, control.master_key};
    services.limits = &limits;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        services.control_pools.push_back(std::make_unique<pg::Pool>(threads.io(i), pg::PoolConfig{.conninfo = conninfo}));
    }
    identity::HashThreads hash_threads{{.threads = thread_count(options.hash_threads), .lanes = options.hash_lanes}};
    api::AuthService auth{
        services, hash_threads, features(), {.proxies = api::TrustedProxies{options.trusted_proxies}, .rate_limit = options.rate_limit}};
    const api::ManagementApi management{services, management::management_routes(), api::TrustedProxies{options.trusted_proxies}};
    api::LegacyApi legacy{services, hash_threads, stack::stack_routes(), api::TrustedProxies{options.trusted_proxies}, options.rate_limit};
    threads.start();
    delivery.start(services);
    limits.start();

    std::optional<WebServer> web;
    const int status = explain_failure([&] {
        const auto api_key = provide_api_key(session, control.directory);
        open_database_ports(session, proxy, clusters);
        auto panel = provide_first_project(services, session);
        panel.api_key = api_key;
        panel.mailbox_url = services.addresses.public_url + "/mailbox";
        web.emplace(services, auth, management, legacy, http::ServerConfig{.port = port}, listen_addresses(options.host),
                    options.fake_identity_provider ? &fake : nullptr);
        print(panel, options.json);

        wait_for_stop();
        if (!options.json) fmt::print("Stopping.\n");
        web->drain(drain_patience);
    });
    delivery.stop();
    limits.stop();
    proxy.close_all();
    clusters.stop_all();
    threads.stop();
    threads.join();
    control.directory.remove();
    std::fflush(stdout);
    // Coroutines that still wait refer to all of the above: nothing is taken apart under them.
    ::_exit(status);
}
}  // namespace

int run_dev(const DevOptions& options, std::vector<std::string> problems) {
    const auto more = check_dev(options);
    problems.insert(problems.end(), more.begin(), more.end());
    auto oauth = make_oauth(options.oauth, problems);
    if (!problems.empty()) {
        for (const auto& problem : problems) fmt::print(stderr, "argonauth: {}\n", problem);
        return 2;
    }
    block_stop_signals();
    raise_descriptor_limit();
    return explain_failure([&] { serve(options, std::move(oauth)); });
}
}  // namespace argon::app
