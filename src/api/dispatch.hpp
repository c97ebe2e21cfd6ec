// The auth service's pipeline: address, branch, rate limit, route, body, origin checks, handler, answer.
// The order is part of the wire contract (auth-wire-facts.md, facts 5, 43-48).
#pragma once

#include "api/client_address.hpp"
#include "api/route.hpp"

namespace argon::api {

struct AuthConfig {
    TrustedProxies proxies;
    /// Whether branches that do not say otherwise limit requests.
    bool rate_limit = false;
};

class AuthService {
public:
    AuthService(Services& services, identity::HashThreads& hash_threads, std::vector<std::span<const Route>> features, AuthConfig config);

    /// Whether a path can be one of ours: `/{endpoint}/{database}/auth...`, or `/{database}/auth...` with one branch.
    bool owns(const http::Request& request) const;
    awaitable<http::Response> handle(http::Request& request);

private:
    struct Address {
        std::string endpoint;
        std::string database;
        std::string path;      // below base_url
        bool by_host = false;  // the endpoint was in the Host field, not in the path
    };
    std::optional<Address> split(const http::Request& request) const;
    awaitable<http::Response> serve(http::Request& request, const Address& address);
    awaitable<http::Response> run(Context& ctx);
    awaitable<std::optional<http::Response>> check_limit(const Context& ctx);
    awaitable<Result<http::Response>> call(Context& ctx, const Route& route);

    Services& services_;
    identity::HashThreads& hash_threads_;
    RouteTable routes_;
    AuthConfig config_;
};

/// Everything a route can refuse with: its own refusals, its guard's, and those of the pipeline before it.
std::vector<ErrorSpec> refusals_of(const Route& route);

/// A refusal as the auth service writes it (auth-wire-facts.md, fact 1).
http::Response to_response(const Error& error);
}  // namespace argon::api
