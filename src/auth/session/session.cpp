#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {
using http::Method;

constexpr api::Route table[] = {
    {Method::get, "/get-session", get_session},
    {Method::post, "/get-session", refuse_post},
    {Method::post, "/sign-out", sign_out},
    {Method::get, "/list-sessions", list_sessions},
    {Method::post, "/revoke-session", revoke_session},
    {Method::post, "/revoke-sessions", revoke_sessions},
    {Method::post, "/revoke-other-sessions", revoke_other_sessions},
    // The name that Neon's server SDK calls (auth-service.md, 2.2).
    {Method::post, "/revoke-all-sessions", revoke_other_sessions},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::session
