// Accounts at providers that a user has. Tokens of providers are not kept, so none are handed out.
#include "api/legacy_user.hpp"
#include "legacy/oauth_accounts.hpp"
#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
struct Items {
    std::vector<json::Value> items;

    static void fields(auto& f, auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", false);
    }
};

struct ScopeBody {
    std::optional<std::string> scope;

    static void fields(auto& f, auto& body) { f.optional("scope", body.scope, json::max_length{1024}); }
};
}  // namespace

awaitable<Result<http::Response>> list_connected(api::LegacyContext& ctx) {
    const auto user = co_await api::resolve_user(ctx, ctx.parameter("user_id"));
    if (!user) co_return std::unexpected(user.error());
    Items reply;
    for (const auto& account : co_await legacy::list_oauth_accounts(ctx.db(), *user)) {
        reply.items.push_back(json::Object{{"user_id", user->value}, {"provider", account.provider_id}, {"provider_account_id", account.account_id}});
    }
    co_return http::Response::json(200, reply);
}

awaitable<Result<http::Response>> get_provider_token(api::LegacyContext& ctx) {
    const auto body = ctx.body<ScopeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto user = co_await api::resolve_user(ctx, ctx.parameter("user_id"));
    if (!user) co_return std::unexpected(user.error());
    const auto client = find_client(ctx, ctx.parameter("provider_id"));
    if (!client) co_return refuse(api::known::oauth_provider_not_found);
    if (client->is_shared) co_return refuse(api::known::oauth_access_token_shared);
    co_return api::known::refuse_text(400, "This server keeps no access tokens of identity providers");
}
}  // namespace argon::stack::oauth
