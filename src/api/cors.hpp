// Cross-origin access for browsers: granted to trusted origins only, where hosted Neon reflects any (auth-service.md, 3.3).
#pragma once

#include "api/branch_auth.hpp"
#include "http/message.hpp"

namespace argon::api {

/// An OPTIONS request that asks for permission; any other OPTIONS is an unknown route.
bool is_preflight(const http::Request& request);
http::Response answer_preflight(const http::Request& request, const TrustedOrigins& trusted);
/// Adds what a browser wants to see on an answer to a trusted origin. `Vary: Origin` is there in any case.
void allow_origin(const http::Request& request, const TrustedOrigins& trusted, http::Response& response);
}  // namespace argon::api
