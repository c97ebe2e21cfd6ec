#include "app/serve.hpp"

#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "api/delivery.hpp"
#include "api/limits.hpp"
#include "app/attached_control.hpp"
#include "app/blocking.hpp"
#include "app/control_follower.hpp"
#include "app/features.hpp"
#include "app/process.hpp"
#include "app/process_limits.hpp"
#include "app/server.hpp"
#include "base/log.hpp"
#include "branches/control_schema.hpp"
#include "branches/setup_error.hpp"
#include "http/port_claim.hpp"
#include "json/writer.hpp"
#include "management/routes.hpp"
#include "stack/routes.hpp"

namespace argon::app {
namespace {
constexpr std::chrono::seconds drain_patience{9};

struct ReadyObject {
    const branches::Addresses& addresses;

    static void fields(auto& f, const auto& object) {
        f.required("public_url", object.addresses.public_url);
        f.required("management_url", object.addresses.management_url());
    }
};

void announce(const branches::Addresses& addresses, bool json) {
    json ? fmt::print("{}\n", json::encode(ReadyObject{addresses}))
         : fmt::print("Argonauth is ready at {}; the management API is at {}.\n", addresses.public_url, addresses.management_url());
    std::fflush(stdout);
}

void serve(const ServeOptions& options, ControlSecrets secrets, api::OauthConfig oauth) {
    std::optional<http::FreePort> free_port;
    if (options.port == 0) free_port.emplace(options.host);
    const auto port = free_port ? free_port->number() : options.port;
    // Before anything is started; the server itself claims it again.
    if (!options.share_port) static_cast<void>(http::PortClaim{options.host, port});
    AttachedControl control{std::move(*secrets.database), *secrets.master_key, options.database_ca, thread_count(options.threads),
                            make_addresses(options, port)};
    auto session = connect_control(*control.locator);
    branches::remove_abandoned(session);

    auto& services = control.services;
    services.oauth = std::move(oauth);
    std::vector<std::string> checked_before;
    api::Delivery delivery{control.threads, make_delivery(options.delivery, checked_before)};
    services.delivery = &delivery;
    api::Limits limits{control.threads, {.conninfo = {}, .locator = control.locator}, control.master_key};
    services.limits = &limits;
    identity::HashThreads hash_threads{{.threads = thread_count(options.hash_threads), .lanes = options.hash_lanes}};
    api::AuthService auth{
        services, hash_threads, features(), {.proxies = api::TrustedProxies{options.trusted_proxies}, .rate_limit = options.rate_limit}};
    const api::ManagementApi management{services, management::management_routes(), api::TrustedProxies{options.trusted_proxies}};
    api::LegacyApi legacy{services, hash_threads, stack::stack_routes(), api::TrustedProxies{options.trusted_proxies}, options.rate_limit};
    control.threads.start();
    delivery.start(services);
    limits.start();
    std::optional<WebServer> web;
    const int status = explain_failure([&] {
        run_on(control.threads, 0, [&control] { return control.databases.reload({}); });
        asio::co_spawn(control.threads.io(0), follow_control(services, control.databases, control.locator), asio::detached);
        web.emplace(services, auth, management, legacy, http::ServerConfig{.port = port, .shares_port = options.share_port},
                    listen_addresses(options.host));
        announce(services.addresses, options.json);
        log::info("ready", {{"public_url", services.addresses.public_url}});

        wait_for_stop();
        log::info("stopping", {});
        web->drain(drain_patience, std::chrono::seconds{options.drain_delay});
    });
    delivery.stop();
    limits.stop();
    control.threads.stop();
    control.threads.join();
    std::fflush(stdout);
    // Coroutines that still wait refer to all of the above: nothing is taken apart under them.
    ::_exit(status);
}

std::vector<std::string> check_public_url(const ServeOptions& options) {
    if (!options.public_url.empty() || is_loopback(options.host)) return {};
    return {"--public-url (ARGONAUTH_PUBLIC_URL) is required: the address under which clients reach this server, such as https://auth.example.com"};
}
}  // namespace

int run_serve(const ServeOptions& options, std::vector<std::string> problems) {
    const auto add = [&](std::vector<std::string> more) { problems.insert(problems.end(), more.begin(), more.end()); };
    add(check(options));
    add(check_public_url(options));
    auto secrets = take_control_secrets(options.database_ca, problems);
    auto oauth = make_oauth(options.oauth, problems);
    if (!problems.empty()) {
        for (const auto& problem : problems) fmt::print(stderr, "argonauth: {}\n", problem);
        return 2;
    }
    // No core file and no other process of this user may look at the keys in memory.
    ::prctl(PR_SET_DUMPABLE, 0);
    block_stop_signals();
    raise_descriptor_limit();
    return explain_failure([&] { serve(options, std::move(secrets), std::move(oauth)); });
}
}  // namespace argon::app
