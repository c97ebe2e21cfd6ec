#include "auth/admin/access.hpp"

#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {
constexpr identity::Grant admin_grants[] = {
    {"user", {"create", "list", "set-role", "ban", "impersonate", "delete", "set-password", "set-email", "get", "update"}},
    {"session", {"list", "revoke", "delete"}},
};
constexpr identity::Grant user_grants[] = {{"user", {}}, {"session", {}}};
constexpr identity::Role role_table[] = {{"admin", admin_grants}, {"user", user_grants}};
}  // namespace

std::span<const identity::Role> roles() { return role_table; }

std::string_view role_of(const identity::User& user) { return user.role && !user.role->empty() ? std::string_view{*user.role} : "user"; }

bool may(const identity::User& user, std::string_view resource, std::string_view action) {
    return identity::grants(role_table, role_of(user), resource, action);
}

awaitable<Result<api::ActiveSession>> require_right(api::Context& ctx, Right right) {
    auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    if (!may(session->current.user, right.resource, right.action)) co_return refuse(right.refusal);
    co_return session;
}

Result<std::string> read_role(const std::vector<std::string>& texts) {
    auto read = identity::read_roles(role_table, texts);
    if (!read.unknown.empty() || read.joined.empty()) return refuse(errors::unknown_role);
    return std::move(read.joined);
}

awaitable<Result<identity::User>> require_user(api::Context& ctx, const std::string& id) {
    if (!is_uuid(id)) co_return refuse(errors::user_not_found);
    auto user = co_await identity::find_user(ctx.db, UserId{id});
    if (!user) co_return refuse(errors::user_not_found);
    co_return std::move(*user);
}

Result<http::Response> reply_with_user(const api::Context& ctx, const std::optional<identity::User>& user) {
    if (!user) return refuse(errors::user_not_found);
    return http::Response::json(200, UserReply{api::shown(ctx, *user)});
}
}  // namespace argon::auth::admin
