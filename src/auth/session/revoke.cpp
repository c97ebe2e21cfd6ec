// POST /revoke-session, /revoke-sessions, /revoke-other-sessions: end one, all, or all but this session of the user.
#include "api/session.hpp"
#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {

struct RevokeBody {
    std::string token;

    static void fields(auto& f, auto& body) { f.required("token", body.token); }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

constexpr api::Description revoke_session_docs =
    api::describe<RevokeBody, StatusReply>("revokeSession", "End one session of the user", {.needs = api::Needs::session});
awaitable<Result<http::Response>> revoke_session(api::Context& ctx) {
    const auto body = ctx.body<RevokeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    // Somebody else's token is left alone, and the answer does not tell.
    co_await identity::delete_session_of(ctx.db, session->current.user.id, body->token);
    co_return http::Response::json(200, StatusReply{});
}

constexpr api::Description revoke_sessions_docs =
    api::describe<void, StatusReply>("revokeSessions", "End all sessions of the user, this one too", {.needs = api::Needs::session});
awaitable<Result<http::Response>> revoke_sessions(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    co_await identity::delete_sessions_of(ctx.db, session->current.user.id);
    co_return http::Response::json(200, StatusReply{});
}

constexpr api::Description revoke_other_sessions_docs =
    api::describe<void, StatusReply>("revokeOtherSessions", "End all of the user's sessions but this one", {.needs = api::Needs::session});
awaitable<Result<http::Response>> revoke_other_sessions(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    co_await identity::delete_other_sessions(ctx.db, session->current.user.id, session->current.session.token);
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::session
