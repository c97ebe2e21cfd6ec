// POST /team-invitations/send-code, GET /team-invitations, DELETE /team-invitations/{id}: a team asks somebody in by mail, sees whom it has
// asked, and takes it back. Users see what they were asked.
#include "api/legacy_sign_in.hpp"
#include "legacy/team_invitations.hpp"
#include "stack/teams/teams.hpp"

namespace argon::stack::teams {
namespace {
/// One sender does not flood many mailboxes; one mailbox has its own brake.
constexpr api::Limit pace{30, 60s};

struct Invite {
    std::string team_id;
    std::string email;
    std::string callback_url;

    static void fields(auto& f, auto& body) {
        f.required("team_id", body.team_id, api::uuid);
        f.required("email", body.email, json::email);
        f.required("callback_url", body.callback_url, json::max_length{2048});
    }
    static void parts(auto& r, auto& body) { r.body(body); }
};

struct Invited {
    std::string id;

    static void fields(auto& f, const auto& reply) {
        f.required("success", true);
        f.required("id", reply.id);
    }
};

/// A client's user must be in the team with that permission; for a server there must be such a team.
awaitable<Result<>> check_team(api::LegacyContext& ctx, const std::string& team, std::string_view permission) {
    if (ctx.is_client()) co_return co_await require_permission(ctx, team, permission);
    const auto found = co_await require_team(ctx, team);
    if (!found) co_return std::unexpected(found.error());
    co_return Result<>{};
}

awaitable<Result<>> check_sender(api::LegacyContext& ctx, const Invite& body) {
    const auto allowed = co_await check_team(ctx, body.team_id, permissions::invite_members);
    if (!allowed) co_return allowed;
    const auto trusted = api::check_callback(ctx, body.callback_url);
    if (!trusted) co_return trusted;
    if (ctx.is_client()) {
        const auto paced = co_await api::brake_user(ctx, ctx.token->user_id, "team invitations", pace);
        if (!paced) co_return paced;
    }
    co_return co_await api::brake_mail(ctx, body.email);
}

awaitable<Result<http::Response>> send(api::LegacyContext& ctx, Invite body) {
    body.team_id = http::to_lower(body.team_id);
    body.email = api::fold_address(body.email);
    const auto checked = co_await check_sender(ctx, body);
    if (!checked) co_return std::unexpected(checked.error());

    auto tx = co_await ctx.db().begin();
    const auto team = co_await legacy::lock_team(tx, body.team_id);
    if (!team) co_return std::unexpected(api::known::team_not_found(body.team_id));
    auto made = co_await legacy::insert_invitation(tx, *ctx.keys, body.team_id, body.email, api::code_life, ctx.now);
    if (!made) co_return api::known::refuse_text(400, "The team has too many open invitations: revoke some of them");
    api::LegacyMail mail{.kind = "teamInvitation",
                         .to = body.email,
                         .callback = body.callback_url,
                         .code = std::move(made->code),
                         .detail = *team,
                         .life = api::code_life};
    co_await api::send_legacy_mail(ctx, tx, std::move(mail));
    co_await tx.commit();
    co_return http::Response::json(200, Invited{made->id});
}

struct Question {
    std::optional<std::string> team_id, user_id;

    static void fields(auto& f, auto& query) {
        f.optional("team_id", query.team_id, api::uuid);
        f.optional("user_id", query.user_id, api::uuid_or_me);
    }
    static void parts(auto& r, auto& query) { r.query(query); }
};

struct Invitations {
    std::vector<legacy::Invitation> items;

    static void fields(auto& f, const auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", false);
    }
};

awaitable<Result<http::Response>> list_sent(api::LegacyContext& ctx, std::string team) {
    for (const auto permission : {permissions::read_members, permissions::invite_members}) {
        const auto allowed = co_await check_team(ctx, team, permission);
        if (!allowed) co_return std::unexpected(allowed.error());
    }
    auto items = co_await legacy::list_invitations(ctx.db(), team, ctx.now);
    co_return http::Response::json(200, Invitations{std::move(items)});
}

awaitable<Result<http::Response>> list_received(api::LegacyContext& ctx, std::string name) {
    const auto user = co_await api::resolve_user(ctx, name);
    if (!user) co_return std::unexpected(user.error());
    auto items = co_await legacy::list_invitations_to(ctx.db(), *user, ctx.now);
    co_return http::Response::json(200, Invitations{std::move(items)});
}

awaitable<Result<http::Response>> list_either(api::LegacyContext& ctx, Question query) {
    if (query.team_id.has_value() == query.user_id.has_value()) {
        co_return std::unexpected(api::known::schema_error("[query] Invalid input: expected either team_id or user_id"));
    }
    if (query.team_id) co_return co_await list_sent(ctx, http::to_lower(*query.team_id));
    co_return co_await list_received(ctx, *query.user_id);
}

struct TeamQuery {
    std::string team_id;

    static void fields(auto& f, auto& query) { f.required("team_id", query.team_id, api::uuid); }
};

struct Revocation {
    std::string id;
    TeamQuery query;

    static void parts(auto& r, auto& request) {
        r.uuid("id", request.id);
        r.query(request.query);
    }
};

awaitable<Result<http::Response>> revoke(api::LegacyContext& ctx, Revocation request) {
    const auto team = http::to_lower(request.query.team_id);
    const auto allowed = co_await check_team(ctx, team, permissions::remove_members);
    if (!allowed) co_return std::unexpected(allowed.error());
    const bool was_open = co_await legacy::delete_invitation(ctx.db(), team, request.id, ctx.now);
    if (!was_open) co_return refuse(api::known::code_not_found);
    co_return api::say_success();
}
}  // namespace

constinit const api::DecodedEndpoint invite = api::decoded<Invite, send>;
constinit const api::DecodedEndpoint list_invitations = api::decoded<Question, list_either>;
constinit const api::DecodedEndpoint revoke_invitation = api::decoded<Revocation, revoke>;
}  // namespace argon::stack::teams
