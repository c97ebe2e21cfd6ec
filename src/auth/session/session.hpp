// Sessions of the signed-in user: the current one with a fresh JWT, the list of all, and their end.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::session {

api::Endpoint get_session, refuse_post, sign_out, list_sessions, revoke_session, revoke_sessions, revoke_other_sessions;

std::span<const api::Route> routes();
}  // namespace argon::auth::session
