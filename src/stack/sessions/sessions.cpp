// Sessions: listed, made by servers, ended. Each is a refresh token; access tokens name theirs.
#include "legacy/sessions.hpp"

#include "api/legacy_request.hpp"
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"

namespace argon::stack::sessions {
namespace {
struct SessionView {
    const legacy::Session& session;
    bool is_current;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.session.id);
        f.required("user_id", view.session.user_id);
        f.required("created_at", to_unix_millis(view.session.created_at));
        f.required("last_used_at", to_unix_millis(view.session.last_used_at));
        f.required("is_impersonation", view.session.is_impersonation);
        f.required("is_current_session", view.is_current);
    }
};

struct ListReply {
    const std::vector<legacy::Session>& sessions;
    const std::optional<legacy::AccessToken>& token;

    static void fields(auto& f, const auto& reply) {
        std::vector<SessionView> items;
        for (const auto& session : reply.sessions) items.push_back({session, reply.token && reply.token->session_id == session.id});
        f.required("items", items);
        f.required("is_paginated", false);
    }
};

struct OwnerQuery {
    std::optional<std::string> user_id;

    static void fields(auto& f, auto& query) { f.optional("user_id", query.user_id, json::max_length{64}); }
};

/// Seconds of a year are the default; no session is for ever.
struct CreateBody {
    std::string user_id;
    std::int64_t expires_in_millis = std::chrono::milliseconds{legacy::session_life}.count();
    bool is_impersonation = false;

    static void fields(auto& f, auto& body) {
        f.required("user_id", body.user_id, api::uuid);
        f.optional("expires_in_millis", body.expires_in_millis, json::range{1, std::chrono::milliseconds{legacy::longest_session_life}.count()});
        f.optional("is_impersonation", body.is_impersonation);
    }
    static void parts(auto& r, auto& body) { r.body(body); }
};

struct CreateReply {
    const std::string& refresh_token;
    const std::string& access_token;

    static void fields(auto& f, const auto& reply) {
        f.required("refresh_token", reply.refresh_token);
        f.required("access_token", reply.access_token);
    }
};

struct RefreshReply {
    const std::string& access_token;

    static void fields(auto& f, const auto& reply) { f.required("access_token", reply.access_token); }
};

awaitable<Result<http::Response>> list(api::LegacyContext& ctx) {
    const auto query = ctx.parameters<OwnerQuery>();
    if (!query) co_return std::unexpected(query.error());
    if (!query->user_id) co_return std::unexpected(api::known::schema_error("[query.user_id] Invalid input: expected string, received undefined"));
    const auto user = co_await api::resolve_user(ctx, *query->user_id);
    if (!user) co_return std::unexpected(user.error());
    const auto sessions = co_await legacy::list_sessions(ctx.db(), *user, ctx.now);
    co_return http::Response::json(200, ListReply{sessions, ctx.token});
}

awaitable<Result<http::Response>> create(api::LegacyContext& ctx, CreateBody body) {
    auto tx = co_await ctx.db().begin();
    // Held until the session is there.
    co_await legacy::lock_user(tx, UserId{body.user_id});
    const auto user = co_await legacy::find_user(tx, UserId{body.user_id});
    if (!user) co_return std::unexpected(api::known::user_id_does_not_exist(body.user_id));
    const std::chrono::milliseconds life{body.expires_in_millis};
    const auto session = co_await api::open_legacy_session(ctx, tx, *user, life, body.is_impersonation);
    if (!session) co_return std::unexpected(api::known::user_id_does_not_exist(body.user_id));
    co_await tx.commit();
    co_return http::Response::json(200, CreateReply{session->refresh_token, session->access_token});
}

awaitable<Result<http::Response>> end_current(api::LegacyContext& ctx) {
    const auto body = ctx.body<api::NoMembers>();
    if (!body) co_return std::unexpected(body.error());
    if (!ctx.token) co_return refuse(api::known::user_authentication_required);
    const bool ended = co_await legacy::delete_session(ctx.db(), ctx.token->session_id, ctx.token->user_id, ctx.now);
    if (!ended) co_return refuse(api::known::refresh_token_not_found);
    co_return api::say_success();
}

awaitable<Result<http::Response>> end(api::LegacyContext& ctx) {
    const auto query = ctx.parameters<OwnerQuery>();
    if (!query) co_return std::unexpected(query.error());
    const auto id = api::uuid_parameter(ctx, "session_id");
    if (!id) co_return std::unexpected(id.error());
    if (ctx.token && ctx.token->session_id.value == *id) co_return refuse(api::known::cannot_delete_current_session);
    // A server may end any session; clients only their own, whether they say so or not.
    std::optional<UserId> owner;
    if (ctx.is_client() || query->user_id) {
        const auto user = co_await api::resolve_user(ctx, query->user_id.value_or("me"));
        if (!user) co_return std::unexpected(user.error());
        owner = *user;
    }
    const bool ended = co_await legacy::delete_session(ctx.db(), SessionId{*id}, owner, ctx.now);
    if (!ended) co_return api::known::refuse_text(404, "Session not found.");
    co_return api::say_success();
}

awaitable<Result<http::Response>> refresh(api::LegacyContext& ctx) {
    const auto token = ctx.header("refresh-token");
    if (!token || !legacy::is_secret(*token)) co_return refuse(api::known::refresh_token_not_found);
    const auto session = co_await legacy::use_session(ctx.db(), ctx.keys->hash(*token), ctx.now);
    if (!session) co_return refuse(api::known::refresh_token_not_found);
    const auto access_token = api::make_legacy_token(ctx, session->user, session->session.id);
    co_return http::Response::json(200, RefreshReply{access_token});
}

using api::LegacyAccess;
using http::Method;
constexpr api::LegacyRoute table[] = {
    {Method::get, "/auth/sessions", list},
    {Method::post, "/auth/sessions", api::decoded<CreateBody, create>, LegacyAccess::server},
    {Method::delete_, "/auth/sessions/current", end_current},
    {Method::post, "/auth/sessions/current/refresh", refresh},
    {Method::delete_, "/auth/sessions/{session_id}", end},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::sessions
