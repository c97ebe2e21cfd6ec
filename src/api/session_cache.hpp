// The session_data cookie: a signed copy of session and user that spares the database for a few minutes, in exactly Better Auth's
// "compact" form (auth-wire-facts.md, fact 25). Off unless the branch sets advanced.cookies.cacheMaxAge.
#pragma once

#include <optional>

#include "api/context.hpp"

namespace argon::api {

/// Nothing when the branch has no cache, the client asked to bypass it, or the cookie is absent, forged, expired or of another
/// session than the session_token cookie: a cached copy alone proves nothing.
std::optional<identity::SessionAndUser> find_session_cache(const Context& ctx);
}  // namespace argon::api
