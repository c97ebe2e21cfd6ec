// POST /admin/list-user-sessions, /admin/revoke-user-session, /admin/revoke-user-sessions: see and end a user's sessions.
// GET /admin/list-user-sessions?userId: the first of them, for Neon's server SDK.
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {

struct SessionsReply {
    std::vector<identity::Session> sessions;

    static void fields(auto& f, const auto& reply) { f.required("sessions", reply.sessions); }
};

struct TokenBody {
    std::string sessionToken;

    static void fields(auto& f, auto& body) { f.required("sessionToken", body.sessionToken); }
};

awaitable<Result<http::Response>> list(api::Context& ctx, UserId user) {
    const auto session = co_await require_right(ctx, {"session", "list", errors::may_not_list_sessions});
    if (!session) co_return std::unexpected(session.error());
    // What could be an id but is nobody's has no sessions; what is no id is a mistake.
    if (!is_uuid(user.value)) co_return refuse(errors::user_not_found);
    const SessionsReply reply{co_await identity::list_all_sessions(ctx.db, user, ctx.now)};
    co_return http::Response::json(200, reply);
}
}  // namespace

constexpr api::Description list_user_sessions_docs =
    api::describe<UserIdBody, SessionsReply>("adminListUserSessions", "The sessions of a user",
                                             {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_list_sessions, errors::user_not_found}});
awaitable<Result<http::Response>> list_user_sessions(api::Context& ctx) {
    const auto body = ctx.body<UserIdBody>();
    if (!body) co_return std::unexpected(body.error());
    auto listed = co_await list(ctx, UserId{body->userId.value});
    co_return listed;
}

awaitable<Result<http::Response>> list_user_sessions_by_query(api::Context& ctx) {
    const auto query = ctx.parameters<UserIdBody>();
    if (!query) co_return std::unexpected(query.error());
    auto listed = co_await list(ctx, UserId{query->userId.value});
    co_return listed;
}

constexpr api::Description revoke_user_session_docs = api::describe<TokenBody, SuccessReply>(
    "revokeUserSession", "End a session", {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_revoke_sessions}});
awaitable<Result<http::Response>> revoke_user_session(api::Context& ctx) {
    const auto body = ctx.body<TokenBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"session", "revoke", errors::may_not_revoke_sessions});
    if (!session) co_return std::unexpected(session.error());
    co_await identity::delete_session(ctx.db, body->sessionToken);
    co_return http::Response::json(200, SuccessReply{});
}

constexpr api::Description revoke_user_sessions_docs =
    api::describe<UserIdBody, SuccessReply>("revokeUserSessions", "End all sessions of a user",
                                            {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_revoke_sessions, errors::user_not_found}});
awaitable<Result<http::Response>> revoke_user_sessions(api::Context& ctx) {
    const auto body = ctx.body<UserIdBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"session", "revoke", errors::may_not_revoke_sessions});
    if (!session) co_return std::unexpected(session.error());
    if (!is_uuid(body->userId.value)) co_return refuse(errors::user_not_found);
    co_await identity::delete_sessions_of(ctx.db, UserId{body->userId.value});
    co_return http::Response::json(200, SuccessReply{});
}
}  // namespace argon::auth::admin
