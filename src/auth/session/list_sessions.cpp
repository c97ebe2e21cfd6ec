// GET /list-sessions: the user's live sessions, oldest first.
#include "api/session.hpp"
#include "auth/session/session.hpp"

namespace argon::auth::session {

constexpr api::Description list_sessions_docs =
    api::describe<void, std::vector<identity::Session>>("listUserSessions", "List the user's live sessions", {.needs = api::Needs::fresh_session});
awaitable<Result<http::Response>> list_sessions(api::Context& ctx) {
    const auto session = co_await api::require_fresh_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto sessions = co_await identity::list_sessions(ctx.db, session->current.user.id, ctx.now);
    auto response = http::Response::json(200, sessions);
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::session
