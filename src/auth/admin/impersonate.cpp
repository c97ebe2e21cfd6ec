// POST /admin/impersonate-user: act as a user, for an hour. The administrator's own session waits in the cookie `admin_session`.
// POST /admin/stop-impersonating: back to it.
#include "api/cookies.hpp"
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {
constexpr std::string_view waiting_session = "admin_session";

/// `<token>:<value of dont_remember>`
std::string remember_admin(const api::Context& ctx, const identity::Session& session) {
    return session.token + ":" + (api::is_remembered(ctx) ? "" : "true");
}

struct WaitingSession {
    identity::SessionAndUser session;
    bool remembered;
};

/// The session that the cookie names, while it is still good and belongs to who impersonates.
awaitable<std::optional<WaitingSession>> find_waiting(api::Context& ctx, const std::string& admin_id) {
    const auto cookie = api::find_signed_cookie(ctx, waiting_session);
    if (!cookie) co_return std::nullopt;
    const auto colon = cookie->find(':');
    auto found = co_await identity::find_session(ctx.db, cookie->substr(0, colon));
    if (!found || found->user.id.value != admin_id) co_return std::nullopt;
    if (found->session.expires_at <= ctx.now || api::is_banned(ctx, found->user)) co_return std::nullopt;
    const bool remembered = colon == std::string::npos || colon + 1 == cookie->size();
    found->user = api::shown(ctx, std::move(found->user));
    co_return WaitingSession{std::move(*found), remembered};
}
}  // namespace

constexpr api::Description impersonate_user_docs = api::describe<UserIdBody, identity::SessionAndUser>(
    "impersonateUser", "Act as a user for an hour",
    {.needs = api::Needs::session,
     .refusals = {errors::unauthorized, errors::may_not_impersonate, errors::cannot_impersonate_admins, errors::user_not_found,
                  api::errors::banned_user}});
awaitable<Result<http::Response>> impersonate_user(api::Context& ctx) {
    const auto body = ctx.body<UserIdBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await require_right(ctx, {"user", "impersonate", errors::may_not_impersonate});
    if (!session) co_return std::unexpected(session.error());
    const auto user = co_await require_user(ctx, body->userId.value);
    if (!user) co_return std::unexpected(user.error());
    if (identity::has_role(role_of(*user), "admin")) co_return refuse(errors::cannot_impersonate_admins);
    const auto opened = co_await api::impersonate(ctx, ctx.db, *user, session->current.user.id);
    if (!opened) co_return std::unexpected(opened.error());

    const identity::SessionAndUser acting{*opened, api::shown(ctx, *user)};
    auto response = http::Response::json(200, acting);
    const std::chrono::seconds life{ctx.settings().advanced.session.expiresIn};
    api::set_signed_cookie(ctx, response, waiting_session, remember_admin(ctx, session->current.session), life);
    // What is cached is the administrator.
    api::clear_cookie(ctx, response, "session_data");
    api::set_session_cookies(ctx, response, acting, false);
    co_return response;
}

constexpr api::Description stop_impersonating_docs = api::describe<void, identity::SessionAndUser>(
    "stopImpersonating", "Go back to the own session",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::not_impersonating, errors::no_admin_session}});
awaitable<Result<http::Response>> stop_impersonating(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    const auto& acting = session->current.session;
    if (!acting.impersonated_by) co_return refuse(errors::not_impersonating);
    const auto waiting = co_await find_waiting(ctx, *acting.impersonated_by);
    if (!waiting) co_return refuse(errors::no_admin_session);
    co_await identity::delete_session(ctx.db, acting.token);
    auto response = http::Response::json(200, waiting->session);
    api::clear_cookie(ctx, response, waiting_session);
    if (waiting->remembered) api::clear_cookie(ctx, response, "dont_remember");
    api::set_session_cookies(ctx, response, waiting->session, waiting->remembered);
    co_return response;
}
}  // namespace argon::auth::admin
