// The HTTP side: a listener on every I/O thread, the choice of the face, housekeeping, and an orderly end.
#pragma once

#include <memory>
#include <vector>

#include "api/dispatch.hpp"
#include "api/legacy.hpp"
#include "api/management.hpp"
#include "http/server.hpp"

namespace argon::console {
class FakeIdentityProvider;
}

namespace argon::app {

class WebServer {
public:
    /// Listens on `addresses` when this returns; the first must be free, the others are taken if the machine has them.
    /// Call from a thread that is no I/O thread.
    WebServer(api::Services& services, api::AuthService& auth, const api::ManagementApi& management, api::LegacyApi& legacy,
              http::ServerConfig config, const std::vector<std::string>& addresses, console::FakeIdentityProvider* fake_identity_provider = nullptr);
    ~WebServer();

    /// Says that it is not ready any more, after `notice` takes no more connections, answers what is under way, and returns when all is
    /// answered or `patience` is over.
    void drain(std::chrono::seconds patience, std::chrono::seconds notice = std::chrono::seconds{0});

private:
    void listen(const http::ServerConfig& config);
    awaitable<http::Response> answer(http::Request& request);
    awaitable<http::Response> check_ready();
    awaitable<> keep_house(std::size_t index);
    awaitable<> watch_the_clock();

    api::Services& services_;
    api::AuthService& auth_;
    const api::ManagementApi& management_;
    api::LegacyApi& legacy_;
    console::FakeIdentityProvider* fake_identity_provider_;  ///< null but in `argonauth dev`
    std::vector<std::vector<std::unique_ptr<http::Server>>> listeners_;  ///< by I/O thread
    std::atomic<bool> draining_{false};
    std::atomic<bool> stopping_{false};
};
}  // namespace argon::app
