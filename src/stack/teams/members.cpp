// Who is in a team, and what they may do there.
#include <algorithm>

#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
struct Query {
    std::optional<std::string> team_id, user_id, permission_id, recursive;

    static void fields(auto& f, auto& query) {
        f.optional("team_id", query.team_id, api::uuid);
        f.optional("user_id", query.user_id, json::max_length{64});
        f.optional("permission_id", query.permission_id, json::max_length{64});
        f.optional("recursive", query.recursive, json::one_of{{"true", "false"}});
    }
};

struct Asked {
    std::optional<std::string> team;
    std::optional<UserId> user;
    std::optional<std::string> permission;
    bool recursive = false;
};

/// Clients ask about themselves, or about a team whose members they may read.
awaitable<Result<Asked>> read_question(api::LegacyContext& ctx, bool about_team) {
    const auto query = ctx.parameters<Query>();
    if (!query) co_return std::unexpected(query.error());
    Asked asked{.team = query->team_id, .user = {}, .permission = query->permission_id, .recursive = query->recursive == "true"};
    if (asked.team) asked.team = http::to_lower(*asked.team);
    if (query->user_id) {
        const auto user = co_await api::resolve_user(ctx, *query->user_id);
        if (!user) co_return std::unexpected(user.error());
        asked.user = *user;
        co_return asked;
    }
    if (!ctx.is_client()) co_return asked;
    if (!about_team || !asked.team) co_return api::known::refuse_text(403, "Client can only ask for their own user: user_id must be 'me'");
    const auto allowed = co_await require_permission(ctx, *asked.team, permissions::read_members);
    if (!allowed) co_return std::unexpected(allowed.error());
    co_return asked;
}

json::Value permission_view(std::string_view id, const legacy::Member& member) {
    return json::Object{{"id", id}, {"user_id", member.user_id.value}, {"team_id", member.team_id}};
}

struct Membership {
    std::string team_id;
    std::string user_id;

    static void parts(auto& r, auto& request) {
        r.uuid("team_id", request.team_id);
        r.user("user_id", request.user_id);
    }
};

awaitable<Result<http::Response>> add(api::LegacyContext& ctx, Membership request) {
    const auto user = co_await api::resolve_user(ctx, request.user_id);
    if (!user) co_return std::unexpected(user.error());
    auto tx = co_await ctx.db().begin();
    const bool exists = co_await legacy::lock_user(tx, *user);
    if (!exists) co_return refuse(api::known::user_not_found);
    const auto team = co_await legacy::lock_team(tx, request.team_id);
    if (!team) co_return std::unexpected(api::known::team_not_found(request.team_id));
    const bool added = co_await legacy::insert_member(tx, request.team_id, *user, "team_member", ctx.now);
    if (!added) co_return refuse(api::known::membership_exists);
    co_await tx.commit();
    co_return http::Response::json(201, json::Value(json::Object{{"team_id", request.team_id}, {"user_id", user->value}}));
}
}  // namespace

constinit const api::DecodedEndpoint add_member = api::decoded<Membership, add>;

awaitable<Result<http::Response>> remove_member(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "team_id");
    if (!id) co_return std::unexpected(id.error());
    const auto& named = ctx.parameter("user_id");
    const auto own = co_await api::find_own_user(ctx);
    const bool is_own = named == "me" || (own && own->id.value == http::to_lower(named));
    if (named != "me" && !is_uuid(named))
        co_return std::unexpected(api::known::schema_error("[params.user_id] Invalid input: expected a UUID or 'me'"));
    if (named == "me" && !own) co_return refuse(api::known::cannot_get_own_user);
    // Everybody may leave; to send others away takes a permission.
    const auto allowed = co_await require_permission(ctx, *id, is_own ? std::string_view{} : permissions::remove_members);
    if (!allowed) co_return std::unexpected(allowed.error());
    const UserId user = is_own ? own->id : UserId{http::to_lower(named)};
    auto tx = co_await ctx.db().begin();
    const bool removed = co_await legacy::delete_member(tx, *id, user, ctx.now);
    if (!removed) co_return std::unexpected(api::known::team_membership_not_found(*id, user.value));
    co_await tx.commit();
    co_return api::say_success();
}

awaitable<Result<http::Response>> list_profiles(api::LegacyContext& ctx) {
    const auto asked = co_await read_question(ctx, true);
    if (!asked) co_return std::unexpected(asked.error());
    std::string items;
    for (const auto& profile : co_await legacy::list_profiles(ctx.db(), asked->team, asked->user, !ctx.is_client())) {
        items += (items.empty() ? "" : ",") + profile;
    }
    co_return http::Response::text(200, "application/json", R"({"items":[)" + items + R"(],"is_paginated":false})");
}

awaitable<Result<http::Response>> list_permissions(api::LegacyContext& ctx) {
    const auto asked = co_await read_question(ctx, false);
    if (!asked) co_return std::unexpected(asked.error());
    Items reply;
    for (const auto& member : co_await legacy::list_members(ctx.db(), asked->team, asked->user)) {
        std::vector<std::string_view> held{member.role};
        const auto contained = permissions_of(member.role);
        if (asked->recursive) held.insert(held.end(), contained.begin(), contained.end());
        for (const auto id : held) {
            if (!asked->permission || *asked->permission == id) reply.items.push_back(permission_view(id, member));
        }
    }
    co_return http::Response::json(200, reply);
}

/// Nobody has permissions beyond teams here.
awaitable<Result<http::Response>> list_project_permissions(api::LegacyContext& ctx) {
    const auto asked = co_await read_question(ctx, false);
    if (!asked) co_return std::unexpected(asked.error());
    co_return http::Response::json(200, Items{});
}
}  // namespace argon::stack::teams
