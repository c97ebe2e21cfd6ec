// GET and PATCH /team-member-profiles/{team_id}/{user_id}: how a member shows up in one team. Servers see the whole user beside it.
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
struct Named {
    std::string team_id;
    std::string user_id;

    static void parts(auto& r, auto& request) {
        r.uuid("team_id", request.team_id);
        r.user("user_id", request.user_id);
    }
};

struct ProfileBody {
    json::Patch<std::string> display_name;
    json::Patch<std::string> profile_image_url;

    static void fields(auto& f, auto& body) {
        f.optional("display_name", body.display_name, json::max_length{256});
        f.optional("profile_image_url", body.profile_image_url, json::max_length{50'000});
    }
};

struct Update : Named {
    ProfileBody body;

    static void parts(auto& r, auto& request) {
        Named::parts(r, request);
        r.body(request.body);
    }
};

/// Everybody may look at themselves; at others, who may read the team's members.
awaitable<Result<UserId>> choose_member(api::LegacyContext& ctx, const Named& request) {
    const auto own = co_await api::find_own_user(ctx);
    if (own && (request.user_id == "me" || request.user_id == own->id.value)) co_return own->id;
    if (request.user_id == "me") co_return refuse(api::known::cannot_get_own_user);
    const auto allowed = co_await require_permission(ctx, request.team_id, permissions::read_members);
    if (!allowed) co_return std::unexpected(allowed.error());
    co_return UserId{request.user_id};
}

awaitable<Result<http::Response>> show(api::LegacyContext& ctx, std::string team, UserId user) {
    const auto profiles = co_await legacy::list_profiles(ctx.db(), team, user, !ctx.is_client());
    if (profiles.empty()) co_return std::unexpected(api::known::team_membership_not_found(team, user.value));
    co_return http::Response::text(200, "application/json", profiles.front());
}

awaitable<Result<http::Response>> get(api::LegacyContext& ctx, Named request) {
    const auto user = co_await choose_member(ctx, request);
    if (!user) co_return std::unexpected(user.error());
    co_return co_await show(ctx, request.team_id, *user);
}

awaitable<Result<http::Response>> update(api::LegacyContext& ctx, Update request) {
    const auto user = co_await api::resolve_user(ctx, request.user_id);
    if (!user) co_return std::unexpected(user.error());
    const legacy::ProfileChange change{std::move(request.body.display_name), std::move(request.body.profile_image_url)};
    const bool found = co_await legacy::update_profile(ctx.db(), request.team_id, *user, change);
    if (!found) co_return std::unexpected(api::known::team_membership_not_found(request.team_id, user->value));
    co_return co_await show(ctx, request.team_id, *user);
}
}  // namespace

constinit const api::DecodedEndpoint get_profile = api::decoded<Named, get>;
constinit const api::DecodedEndpoint update_profile = api::decoded<Update, update>;
}  // namespace argon::stack::teams
