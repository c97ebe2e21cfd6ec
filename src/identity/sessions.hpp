// Sessions: rows of neon_auth.session. The row is the truth; a cookie only points to it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/users.hpp"

namespace argon::identity {

struct Session {
    static constexpr std::string_view schema_name = "Session";
    SessionId id;
    TimePoint expires_at;
    std::string token;
    TimePoint created_at;
    TimePoint updated_at;
    std::optional<std::string> ip_address;
    std::optional<std::string> user_agent;
    UserId user_id;
    std::optional<std::string> impersonated_by;
    std::optional<std::string> active_organization_id;

    static void fields(auto& f, const auto& session) {
        f.required("expiresAt", session.expires_at);
        f.required("token", session.token);
        f.required("createdAt", session.created_at);
        f.required("updatedAt", session.updated_at);
        f.required("ipAddress", session.ip_address);
        f.required("userAgent", session.user_agent);
        f.required("userId", session.user_id);
        f.required("impersonatedBy", session.impersonated_by);
        f.required("activeOrganizationId", session.active_organization_id);
        f.required("id", session.id);
    }
    static void columns(auto& column, auto& session) {
        column(session.id);
        column(session.expires_at);
        column(session.token);
        column(session.created_at);
        column(session.updated_at);
        column(session.ip_address);
        column(session.user_agent);
        column(session.user_id);
        column(session.impersonated_by);
        column(session.active_organization_id);
    }
};

/// What the user is in the session's active organization; the `o` claim of a JWT.
struct ActiveOrganization {
    std::string slug;
    std::string role;
};

struct SessionAndUser {
    Session session;
    User user;
    /// Absent too where the user is no member any more: a session that names an organization gives no right to it.
    std::optional<ActiveOrganization> organization{};

    static void fields(auto& f, const auto& both) {
        f.required("session", both.session);
        f.required("user", both.user);
    }
    static void columns(auto& column, auto& both) {
        Session::columns(column, both.session);
        User::columns(column, both.user);
        std::optional<std::string> slug;
        std::optional<std::string> role;
        column(slug);
        column(role);
        if (slug && role) both.organization = ActiveOrganization{*slug, *role};
    }
};

struct NewSession {
    UserId user;
    std::chrono::seconds life;
    std::string ip_address;
    std::string user_agent;
    std::optional<UserId> impersonated_by{};
};

/// The token is 32 characters of [A-Za-z0-9], 190 random bits (auth-wire-facts.md, fact 10).
awaitable<Session> open_session(pg::Executor& db, const NewSession& session, TimePoint now);
/// Expired sessions are found too: the caller clears them.
awaitable<std::optional<SessionAndUser>> find_session(pg::Executor& db, std::string_view token);
/// The renewed session, or nothing when it was removed meanwhile.
awaitable<std::optional<Session>> extend_session(pg::Executor& db, const SessionId& id, TimePoint expires_at, TimePoint now);
/// Unexpired, oldest first; impersonated ones are the administrator's and are left out (fact 55).
awaitable<std::vector<Session>> list_sessions(pg::Executor& db, const UserId& user, TimePoint now);
/// As list_sessions, with the impersonated ones.
awaitable<std::vector<Session>> list_all_sessions(pg::Executor& db, const UserId& user, TimePoint now);

/// The session as it is then; nothing when it was removed meanwhile. Without an organization none is active.
awaitable<std::optional<Session>> set_active_organization(pg::Executor& db, const SessionId& id, const std::optional<OrganizationId>& organization,
                                                          TimePoint now);

awaitable<> delete_session(pg::Executor& db, std::string_view token);
/// Only when it belongs to `user`.
awaitable<> delete_session_of(pg::Executor& db, const UserId& user, std::string_view token);
awaitable<> delete_sessions_of(pg::Executor& db, const UserId& user);
awaitable<> delete_other_sessions(pg::Executor& db, const UserId& user, std::string_view kept_token);
}  // namespace argon::identity
