// Sessions of a legacy integration: a refresh token each, opaque, not rotated, kept as a keyed hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "legacy/users.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {
using namespace std::chrono_literals;

inline constexpr std::chrono::seconds session_life = 365 * 24h;
inline constexpr std::chrono::seconds longest_session_life = 367 * 24h;

struct Session {
    SessionId id;
    UserId user_id;
    TimePoint created_at;
    TimePoint last_used_at;
    TimePoint expires_at;
    bool is_impersonation = false;

    static void columns(auto& column, auto& session) {
        column(session.id)(session.user_id)(session.created_at)(session.last_used_at)(session.expires_at)(session.is_impersonation);
    }
};

struct NewSession {
    UserId user_id;
    std::string token_hash;
    std::chrono::milliseconds life = session_life;
    bool is_impersonation = false;
};

/// Expired ones of the user go with it. Nothing when the user has just been deleted.
awaitable<std::optional<Session>> insert_session(pg::Executor& db, const NewSession& session, TimePoint now);

struct RefreshedSession {
    Session session;
    User user;
};
/// Notes the use. Absent for an unknown or expired token.
awaitable<std::optional<RefreshedSession>> use_session(pg::Executor& db, std::string_view token_hash, TimePoint now);
/// The user of an access token, while its session lives: a token that was revoked stands for nobody, though it has not expired yet.
awaitable<std::optional<User>> find_session_user(pg::Executor& db, const UserId& user, const SessionId& session, TimePoint now);
/// By age; at most 1000.
awaitable<std::vector<Session>> list_sessions(pg::Executor& db, const UserId& user, TimePoint now);
/// With a user, only if it is theirs. False when there is none.
awaitable<bool> delete_session(pg::Executor& db, const SessionId& id, const std::optional<UserId>& user, TimePoint now);
/// All of the user's; but for one, if one is to be spared.
awaitable<> delete_sessions_of(pg::Executor& db, const UserId& user, const std::optional<SessionId>& spared);
}  // namespace argon::legacy
