// Sessions of the signed-in user: the current one with a fresh JWT, the list of all, and their end.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::session {

api::Endpoint get_session, refuse_post, sign_out, update_session, list_sessions, revoke_session, revoke_sessions, revoke_other_sessions;
extern const api::Description get_session_docs, refuse_post_docs, sign_out_docs, update_session_docs, list_sessions_docs, revoke_session_docs,
    revoke_sessions_docs, revoke_other_sessions_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::session
