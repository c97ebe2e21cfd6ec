// GET /get-session: the session and its user, or null; a JWT for the Data API travels in set-auth-jwt.
#include "api/session.hpp"
#include "api/session_verifier.hpp"
#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {
constexpr ErrorSpec post_not_allowed{405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
                                     "POST method requires deferSessionRefresh to be enabled in session config"};

/// Any non-empty value counts, "false" too: Better Auth coerces the text as JavaScript does.
bool is_set(const api::Context& ctx, std::string_view name) {
    const auto* value = http::find(ctx.query, name);
    return value && !value->empty();
}

/// The end of a social sign-in: the verifier of the redirect and the cookie of the browser that began, for a session.
awaitable<Result<http::Response>> exchange(api::Context& ctx, const std::string& verifier) {
    const auto session = co_await api::exchange_verifier(ctx, verifier);
    if (!session) co_return std::unexpected(session.error());
    auto response = http::Response::json(200, *session);
    api::expose(response, "set-auth-jwt", api::make_jwt(ctx, *session));
    api::set_session_cookies(ctx, response, *session, true);
    api::clear_challenge(ctx, response);
    co_return response;
}
}  // namespace

constexpr api::QueryParameter session_query[] = {
    {"disableCookieCache", "string", "Any value: ask the database, not the cookie"},
    {"disableRefresh", "string", "Any value: do not prolong the session"},
    {api::verifier_parameter, "string", "Ends a social sign-in: what the redirect to the app carried"},
};
constexpr api::Description get_session_docs = api::describe<void, std::optional<identity::SessionAndUser>>(
    "getSession", "Get the session and its user, or null; set-auth-jwt holds a JWT", {.query = session_query, .refusals = api::exchange_refusals});
constexpr api::Description refuse_post_docs =
    api::describe<void, void>("getSessionPost", "Refused: sessions are prolonged by GET here", {.status = 405, .refusals = post_not_allowed});
awaitable<Result<http::Response>> get_session(api::Context& ctx) {
    if (const auto* verifier = http::find(ctx.query, api::verifier_parameter); verifier && !verifier->empty()) {
        auto exchanged = co_await exchange(ctx, *verifier);
        co_return exchanged;
    }
    const bool refresh = !is_set(ctx, "disableRefresh");
    const auto lookup = co_await api::find_session(ctx, {.refresh = refresh, .cache = !is_set(ctx, "disableCookieCache")});
    if (!lookup.active) {
        auto response = http::Response::json(200, nullptr);
        if (lookup.is_stale) api::clear_session_cookies(ctx, response);
        co_return response;
    }
    const auto& current = lookup.active->current;
    auto response = http::Response::json(200, current);
    // Before set-auth-token: the order in which upstream lists the two.
    api::expose(response, "set-auth-jwt", api::make_jwt(ctx, current));
    api::keep_session_cookies(ctx, response, *lookup.active);
    const bool remembered = api::is_remembered(ctx);
    if (!lookup.from_cache && !lookup.active->renewed && remembered && refresh) api::set_session_cache(ctx, response, current, remembered);
    co_return response;
}

awaitable<Result<http::Response>> refuse_post(api::Context&) { co_return refuse(post_not_allowed); }
}  // namespace argon::auth::session
