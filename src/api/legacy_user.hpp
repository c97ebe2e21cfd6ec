// Who a request of the legacy provider speaks of, and how users are shown to it.
#pragma once

#include <string_view>

#include "api/legacy.hpp"

namespace argon::api {

/// The user of the access token, while both the user and the session are there.
awaitable<std::optional<legacy::User>> find_own_user(LegacyContext& ctx);
/// As above; the SDKs take `cannot_get_own_user` for "signed out".
awaitable<Result<legacy::User>> require_own_user(LegacyContext& ctx, ErrorSpec otherwise = known::user_authentication_required);

/// `me`, or an id: clients name nobody but themselves. Whether there is such a user, is not looked at.
awaitable<Result<UserId>> resolve_user(LegacyContext& ctx, std::string_view name);
/// A parameter of the path that must be a UUID.
Result<std::string> uuid_parameter(const LegacyContext& ctx, std::string_view name);

/// As much of the user as the caller's key lets it see.
http::Response show_user(const LegacyContext& ctx, int status, const legacy::User& user);
json::Value view_for(const LegacyContext& ctx, const legacy::User& user);

http::Response say_success();

/// The refusal for a change of a user that cannot be made. `email` and `team` are those of the change.
Error to_error(legacy::Conflict conflict, const std::string& email, const std::string& team);

/// The body of requests that say nothing: SDKs send `{}`, or none at all.
struct NoMembers {
    static void fields(auto&, auto&) {}
};

/// Lower case, as addresses are kept.
std::string fold_address(std::string_view email);

/// Complains about text with NUL anywhere in it, which PostgreSQL's jsonb cannot hold.
struct PlainJsonCheck {
    std::optional<std::string> operator()(const json::Value& value) const;
};
inline constexpr PlainJsonCheck plain_json;

struct UuidCheck {
    std::optional<std::string> operator()(std::string_view text) const;
};
inline constexpr UuidCheck uuid;

struct UuidOrMeCheck {
    std::optional<std::string> operator()(std::string_view text) const;
};
inline constexpr UuidOrMeCheck uuid_or_me;
}  // namespace argon::api
