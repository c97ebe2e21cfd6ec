// Access tokens: JWTs that apps verify with the project's JWKS (stack-auth.md, 3). One without every claim counts as none in the SDKs.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "legacy/project_keys.hpp"
#include "legacy/users.hpp"

namespace argon::legacy {
using namespace std::chrono_literals;

inline constexpr std::chrono::seconds access_token_life = 10min;

struct AccessToken {
    UserId user_id;
    SessionId session_id;
    std::string project_uuid;
    TimePoint expires_at;
};

/// `issuer` is `{API}/projects/{project}`.
std::string make_access_token(const ProjectKeys& keys, const std::string& issuer, const std::string& project_uuid, const User& user,
                              const SessionId& session, TimePoint now);

enum class TokenProblem { unreadable, expired };
struct RefusedToken {
    TokenProblem problem;
    AccessToken token;  ///< of one that has expired
};
/// Checks the signature with the keys of the project that the token names: whether that is the right one, is the caller's to say.
std::expected<AccessToken, RefusedToken> read_access_token(const crypto::MasterKey& master_key, std::string_view token, TimePoint now);
}  // namespace argon::legacy
