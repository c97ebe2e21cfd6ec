// Who may do what: the table of role statements (auth-service.md, 2.12), and the guard that asks it.
#pragma once

#include "api/session.hpp"
#include "identity/access.hpp"

namespace argon::auth::admin {

std::span<const identity::Role> roles();
/// A user without a role is a `user`.
std::string_view role_of(const identity::User& user);
bool may(const identity::User& user, std::string_view resource, std::string_view action);

struct Right {
    std::string_view resource;
    std::string_view action;
    ErrorSpec refusal;
};
/// The session of somebody who has the right. 401 without a session; the role is read from the database each time.
awaitable<Result<api::ActiveSession>> require_right(api::Context& ctx, Right right);

/// The roles a client asks for, as they are stored. Refuses what is no role, exactly as written.
Result<std::string> read_role(const std::vector<std::string>& texts);

/// The user whose id a client gave; an id that is none belongs to nobody.
awaitable<Result<identity::User>> require_user(api::Context& ctx, const std::string& id);

/// `{user}` for whoever an UPDATE left; 404 when the user went meanwhile.
Result<http::Response> reply_with_user(const api::Context& ctx, const std::optional<identity::User>& user);

struct UserReply {
    identity::User user;

    static void fields(auto& f, const auto& reply) { f.required("user", reply.user); }
};

struct SuccessReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};

/// The body of the endpoints that ask for nobody but a user.
struct UserIdBody {
    json::CoercedId userId;

    static void fields(auto& f, auto& body) { f.required("userId", body.userId); }
};
}  // namespace argon::auth::admin
