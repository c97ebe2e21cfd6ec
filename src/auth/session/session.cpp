#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {
using http::Method;

constexpr api::Route table[] = {
    {Method::get, "/get-session", get_session, {}, &get_session_docs},
    {Method::post, "/get-session", refuse_post, {}, &refuse_post_docs},
    {Method::post, "/sign-out", sign_out, {}, &sign_out_docs},
    {Method::post, "/update-session", update_session, {}, &update_session_docs},
    {Method::get, "/list-sessions", list_sessions, {}, &list_sessions_docs},
    {Method::post, "/revoke-session", revoke_session, {}, &revoke_session_docs},
    {Method::post, "/revoke-sessions", revoke_sessions, {}, &revoke_sessions_docs},
    {Method::post, "/revoke-other-sessions", revoke_other_sessions, {}, &revoke_other_sessions_docs},
    // The name that Neon's server SDK calls (auth-service.md, 2.2).
    {Method::post, "/revoke-all-sessions", revoke_other_sessions, {}, &api::unlisted},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::session
