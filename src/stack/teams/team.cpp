// POST /teams; GET, PATCH and DELETE of one.
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
constexpr json::min_length not_empty{1};
constexpr json::max_length name_limit{256};
constexpr json::max_length url_limit{50'000};

struct ClientBody {
    json::Patch<std::string> display_name;
    json::Patch<std::string> profile_image_url;
    json::Patch<json::Value> client_metadata;

    static void fields(auto& f, auto& body) {
        f.optional("display_name", body.display_name, not_empty, name_limit);
        f.optional("profile_image_url", body.profile_image_url, url_limit);
        f.optional("client_metadata", body.client_metadata, api::plain_json);
    }
};

struct ServerBody : ClientBody {
    json::Patch<json::Value> client_read_only_metadata;
    json::Patch<json::Value> server_metadata;

    static void fields(auto& f, auto& body) {
        ClientBody::fields(f, body);
        f.optional("client_read_only_metadata", body.client_read_only_metadata, api::plain_json);
        f.optional("server_metadata", body.server_metadata, api::plain_json);
    }
};

/// The same body with who becomes its first member.
template <class Body>
struct Creating : Body {
    std::optional<std::string> creator_user_id;

    static void fields(auto& f, auto& body) {
        Body::fields(f, body);
        f.optional("creator_user_id", body.creator_user_id, json::max_length{64});
    }
};

legacy::TeamChange to_change(ClientBody body) {
    return {.display_name = std::move(body.display_name),
            .profile_image_url = std::move(body.profile_image_url),
            .client_metadata = std::move(body.client_metadata),
            .client_read_only_metadata = {},
            .server_metadata = {}};
}

legacy::TeamChange to_change(ServerBody body) {
    auto read_only = std::move(body.client_read_only_metadata);
    auto server = std::move(body.server_metadata);
    auto change = to_change(static_cast<ClientBody>(std::move(body)));
    change.client_read_only_metadata = std::move(read_only);
    change.server_metadata = std::move(server);
    return change;
}

struct Order {
    legacy::TeamChange team;
    std::optional<std::string> creator;
};

template <class Body>
Result<Order> read_order(const api::LegacyContext& ctx) {
    auto body = ctx.body<Creating<Body>>();
    if (!body) return std::unexpected(body.error());
    auto creator = body->creator_user_id;
    Order order{to_change(static_cast<Body>(std::move(*body))), std::move(creator)};
    if (!order.team.display_name.value) return std::unexpected(api::known::schema_error("[body.display_name] Invalid input: expected string"));
    return order;
}

template <class Body>
Result<legacy::TeamChange> read_change(const api::LegacyContext& ctx) {
    auto body = ctx.body<Body>();
    if (!body) return std::unexpected(body.error());
    if (body->display_name.present && !body->display_name.value) {
        return std::unexpected(api::known::schema_error("[body.display_name] Invalid input: expected string, received null"));
    }
    return to_change(std::move(*body));
}
}  // namespace

awaitable<Result<http::Response>> create(api::LegacyContext& ctx) {
    auto order = ctx.is_client() ? read_order<ClientBody>(ctx) : read_order<ServerBody>(ctx);
    if (!order) co_return std::unexpected(order.error());
    if (ctx.is_client() && !ctx.project->config.client_team_creation_enabled) {
        co_return api::known::refuse_text(403, "Client team creation is disabled for this project");
    }
    if (ctx.is_client() && !order->creator) order->creator = "me";
    std::optional<UserId> creator;
    if (order->creator) {
        const auto user = co_await api::resolve_user(ctx, *order->creator);
        if (!user) co_return std::unexpected(user.error());
        creator = *user;
    }
    auto tx = co_await ctx.db().begin();
    if (creator) {
        const bool exists = co_await legacy::lock_user(tx, *creator);
        if (!exists) co_return refuse(api::known::user_not_found);
    }
    auto team = co_await legacy::insert_team(tx, order->team, ctx.now);
    const std::string id{team["id"].as_string()};
    if (creator) co_await legacy::insert_member(tx, id, *creator, "team_admin", ctx.now);
    co_await tx.commit();
    co_return http::Response::json(201, view_for(ctx, std::move(team)));
}

awaitable<Result<http::Response>> get(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "team_id");
    if (!id) co_return std::unexpected(id.error());
    const auto allowed = co_await require_permission(ctx, *id, "");
    if (!allowed) co_return std::unexpected(allowed.error());
    auto team = co_await require_team(ctx, *id);
    if (!team) co_return std::unexpected(team.error());
    co_return http::Response::json(200, view_for(ctx, std::move(*team)));
}

awaitable<Result<http::Response>> update(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "team_id");
    if (!id) co_return std::unexpected(id.error());
    const auto change = ctx.is_client() ? read_change<ClientBody>(ctx) : read_change<ServerBody>(ctx);
    if (!change) co_return std::unexpected(change.error());
    const auto allowed = co_await require_permission(ctx, *id, permissions::update_team);
    if (!allowed) co_return std::unexpected(allowed.error());
    auto tx = co_await ctx.db().begin();
    auto team = co_await legacy::update_team(tx, *id, *change, ctx.now);
    if (!team) co_return std::unexpected(api::known::team_not_found(*id));
    co_await tx.commit();
    co_return http::Response::json(200, view_for(ctx, std::move(*team)));
}

awaitable<Result<http::Response>> remove(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "team_id");
    if (!id) co_return std::unexpected(id.error());
    const auto allowed = co_await require_permission(ctx, *id, permissions::delete_team);
    if (!allowed) co_return std::unexpected(allowed.error());
    auto tx = co_await ctx.db().begin();
    const bool existed = co_await legacy::delete_team(tx, *id, ctx.now);
    if (!existed) co_return std::unexpected(api::known::team_not_found(*id));
    co_await tx.commit();
    co_return api::say_success();
}
}  // namespace argon::stack::teams
