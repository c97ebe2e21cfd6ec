#include "pg/locator.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include "base/log.hpp"
#include "pg/errors.hpp"

namespace argon::pg {
namespace {
using namespace std::chrono_literals;
constexpr auto lasting = 30s;
constexpr auto lasting_after_failure = 1s;
constexpr std::size_t most_addresses = 16;

bool is_address(const std::string& name) {
    in6_addr buffer{};
    return ::inet_pton(AF_INET, name.c_str(), &buffer) == 1 || ::inet_pton(AF_INET6, name.c_str(), &buffer) == 1;
}

/// The addresses of one name, in the order in which they should be tried; the problem goes to `problem`.
std::vector<std::string> look_up(const std::string& name, std::string& problem) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int status = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
    if (status != 0) {
        problem += fmt::format("{}the host name \"{}\" cannot be resolved: {}", problem.empty() ? "" : "; ", name, ::gai_strerror(status));
        return {};
    }
    std::vector<std::string> addresses;
    for (const auto* entry = found; entry; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0) addresses.emplace_back(text);
    }
    ::freeaddrinfo(found);
    return addresses;
}
}  // namespace

bool Locator::needs_lookup() const {
    return !std::ranges::all_of(info_.hosts(), [](const Host& host) { return host.is_socket() || !host.address.empty() || is_address(host.name); });
}

void Locator::resolve() {
    std::vector<Host> hosts;
    std::string problem;
    for (const auto& host : info_.hosts()) {
        if (host.is_socket() || !host.address.empty() || is_address(host.name)) {
            hosts.push_back(host);
            continue;
        }
        for (auto& address : look_up(host.name, problem)) hosts.push_back({host.name, std::move(address), host.port});
    }
    if (hosts.empty()) throw Unreachable{problem.empty() ? "the connection string names no host" : problem};
    if (hosts.size() > most_addresses) hosts.resize(most_addresses);
    // libpq takes a list of addresses only with one for each host.
    for (auto& host : hosts) {
        if (!host.is_socket() && host.address.empty()) host.address = host.name;
    }
    const std::lock_guard lock{mutex_};
    hosts_ = std::move(hosts);
    suspect_ = false;
    resolved_at_ = std::chrono::steady_clock::now();
}

bool Locator::is_resolved() const {
    const std::lock_guard lock{mutex_};
    return !hosts_.empty();
}

std::string Locator::conninfo() {
    auto info = info_;
    bool old = false;
    {
        const std::lock_guard lock{mutex_};
        if (hosts_.empty()) throw Unreachable{"the addresses of the database are not known yet"};
        auto hosts = hosts_;
        std::ranges::rotate(hosts, hosts.begin() + static_cast<std::ptrdiff_t>(first_ % hosts.size()));
        info.set_hosts(hosts);
        old = std::chrono::steady_clock::now() - resolved_at_ > (suspect_ ? lasting_after_failure : lasting);
    }
    if (old) resolve_behind();
    return info.text();
}

void Locator::note_failure() {
    const std::lock_guard lock{mutex_};
    ++first_;
    suspect_ = true;
}

/// For the attempts after this one: connecting goes on with the addresses at hand.
void Locator::resolve_behind() {
    if (resolving_.exchange(true)) return;
    resolvers_.post([self = shared_from_this()] {
        try {
            self->resolve();
        } catch (const std::exception& error) {
            log::warn("a database's host name cannot be looked up again", {{"reason", error.what()}});
            const std::lock_guard lock{self->mutex_};
            self->resolved_at_ = std::chrono::steady_clock::now();
        }
        self->resolving_ = false;
    });
}
}  // namespace argon::pg
