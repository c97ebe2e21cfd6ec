// POST and DELETE /team-permissions/{team_id}/{user_id}/{permission_id}: an app's server makes a member an admin of the team, or no longer.
// A member has exactly one role here: to take team_admin away leaves team_member, and that one goes with the membership only.
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
constexpr std::string_view admin = "team_admin";
constexpr std::string_view member = "team_member";

struct Grant {
    std::string team_id;
    std::string user_id;
    std::string permission_id;

    static void parts(auto& r, auto& request) {
        r.uuid("team_id", request.team_id);
        r.user("user_id", request.user_id);
        r.text("permission_id", request.permission_id);
    }
};

/// The user, and whether they are an admin of the team now.
awaitable<Result<legacy::Member>> require_member(api::LegacyContext& ctx, const Grant& request) {
    if (request.permission_id != admin && request.permission_id != member) {
        co_return std::unexpected(api::known::permission_not_found(request.permission_id));
    }
    const auto user = co_await api::resolve_user(ctx, request.user_id);
    if (!user) co_return std::unexpected(user.error());
    auto found = co_await legacy::find_member(ctx.db(), request.team_id, *user);
    if (!found) co_return std::unexpected(api::known::team_membership_not_found(request.team_id, user->value));
    co_return std::move(*found);
}

awaitable<Result<http::Response>> grant(api::LegacyContext& ctx, Grant request) {
    const auto held = co_await require_member(ctx, request);
    if (!held) co_return std::unexpected(held.error());
    if (request.permission_id == admin) co_await legacy::update_role(ctx.db(), held->team_id, held->user_id, admin);
    co_return http::Response::json(
        201, json::Value(json::Object{{"id", request.permission_id}, {"team_id", held->team_id}, {"user_id", held->user_id.value}}));
}

awaitable<Result<http::Response>> revoke(api::LegacyContext& ctx, Grant request) {
    const auto held = co_await require_member(ctx, request);
    if (!held) co_return std::unexpected(held.error());
    if (held->role != request.permission_id) {
        co_return std::unexpected(api::known::team_permission_not_found(held->team_id, held->user_id.value, request.permission_id));
    }
    if (!held->is_admin()) co_return api::known::refuse_text(400, "Every member of a team has team_member: remove them from the team instead");
    co_await legacy::update_role(ctx.db(), held->team_id, held->user_id, member);
    co_return api::say_success();
}
}  // namespace

constinit const api::DecodedEndpoint grant_permission = api::decoded<Grant, grant>;
constinit const api::DecodedEndpoint revoke_permission = api::decoded<Grant, revoke>;
}  // namespace argon::stack::teams
