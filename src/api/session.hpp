// Sessions on the wire: which one a request belongs to, its cookies, and the tokens that travel with it
// (auth-wire-facts.md, facts 14-21, 25, 31).
#pragma once

#include <optional>
#include <string>

#include "api/context.hpp"
#include "api/description.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec banned_user{403, "BANNED_USER",
                                       "You have been banned from this application. Please contact support if you believe this is an error."};
}  // namespace errors

struct ActiveSession {
    identity::SessionAndUser current;
    /// Renewed by this request: the answer sets its cookie anew.
    bool renewed = false;
};

struct SessionLookup {
    std::optional<ActiveSession> active;
    /// A well-signed token that leads nowhere: the answer clears the cookies.
    bool is_stale = false;
    /// Answered from the session_data cookie, without the database.
    bool from_cache = false;
};

struct LookupOptions {
    bool refresh = true;
    bool cache = true;
};

/// The session of the request's bearer token or cookie, renewed when it is due (updateAge). A banned user has none.
awaitable<SessionLookup> find_session(Context& ctx, LookupOptions options = {});

/// Refuses with 401 without a session, from the database and not from a cookie.
awaitable<Result<ActiveSession>> require_session(Context& ctx);
/// As require_session; 403 when the session began longer ago than freshAge.
awaitable<Result<ActiveSession>> require_fresh_session(Context& ctx);

/// Sets the session's cookies and set-auth-token. Without `remember` they end with the browser.
void set_session_cookies(const Context& ctx, http::Response& response, const identity::SessionAndUser& session, bool remember);
/// Sets the session_data cookie where the branch uses it.
void set_session_cache(const Context& ctx, http::Response& response, const identity::SessionAndUser& session, bool remember);
/// Sets them again after a renewal; does nothing otherwise.
void keep_session_cookies(const Context& ctx, http::Response& response, const ActiveSession& session);
void clear_session_cookies(const Context& ctx, http::Response& response);
/// Whether the browser keeps the session when it is closed.
bool is_remembered(const Context& ctx);

/// A JWT for the session's user (fact 22).
std::string make_jwt(const Context& ctx, const identity::SessionAndUser& session);
std::string make_anonymous_jwt(const Context& ctx, std::int64_t expires_at);

/// Adds a response header that browsers' scripts may read.
void expose(http::Response& response, std::string_view name, std::string value);

/// How long a new session lives.
std::chrono::seconds session_life(const Context& ctx, bool remember);
/// Opens a session for the request's client.
awaitable<identity::Session> open_session(Context& ctx, pg::Executor& db, const UserId& user, bool remember);
/// As open_session, unless the user is banned. A ban whose time has come ends here (fact 53).
awaitable<Result<identity::Session>> admit(Context& ctx, pg::Executor& db, const identity::User& user, bool remember = true);
inline constexpr Refusals admit_refusals{errors::banned_user};

/// Opens a session for an administrator who acts as `user`: an hour, and not among the user's own. Refused when the user is banned.
awaitable<Result<identity::Session>> impersonate(Context& ctx, pg::Executor& db, const identity::User& user, const UserId& by);
/// A ban also ends what was opened before it, even if the row was set by SQL.
bool is_banned(const Context& ctx, const identity::User& user);

/// The user as this branch shows it: with a phone number only where the plugin is on.
identity::User shown(const Context& ctx, identity::User user);
}  // namespace argon::api
