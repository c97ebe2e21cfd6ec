// The one callback that all branches share when they use the operator's credentials (auth-service.md, 1.4 and 7.3). The provider hands
// a state back that we signed: it names the branch to whose own callback the browser goes on.
#pragma once

#include <string>
#include <string_view>

#include "api/context.hpp"

namespace argon::api {

/// Wraps a branch's state for a provider whose callback is the gateway.
std::string make_gateway_state(const Context& ctx, std::string_view provider, std::string_view state);

/// `/auth/oauth/callback/...`
bool owns_oauth_gateway(std::string_view path);
awaitable<http::Response> serve_oauth_gateway(const Services& services, const http::Request& request);
}  // namespace argon::api
