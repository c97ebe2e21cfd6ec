// GET /oauth-providers?user_id and /oauth-providers/{user_id}/{provider_id}: the accounts at identity providers that a user signs in with.
#include <algorithm>

#include "api/legacy_user.hpp"
#include "legacy/oauth_accounts.hpp"
#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
constexpr ErrorSpec not_found{404, "", "OAuth provider not found for this user"};

struct Query {
    std::optional<std::string> user_id;

    static void fields(auto& f, auto& query) { f.optional("user_id", query.user_id, json::max_length{64}); }
};

struct ProviderView {
    legacy::OauthAccount account;
    bool is_client = true;  ///< who is not told the id of the account

    static void fields(auto& f, const auto& view) {
        f.required("id", view.account.id);
        f.required("user_id", view.account.user_id);
        f.required("provider_config_id", view.account.provider_id);
        f.required("type", view.account.provider_id);
        if (view.account.email) f.required("email", *view.account.email);
        f.required("allow_sign_in", true);
        f.required("allow_connected_accounts", false);  // tokens of providers are not kept
        if (!view.is_client) f.required("account_id", view.account.account_id);
    }
};

struct Items {
    std::vector<ProviderView> items;

    static void fields(auto& f, const auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", false);
    }
};

awaitable<Result<std::vector<ProviderView>>> read_providers(api::LegacyContext& ctx, std::string_view name) {
    const auto user = co_await api::resolve_user(ctx, name);
    if (!user) co_return std::unexpected(user.error());
    std::vector<ProviderView> views;
    auto accounts = co_await legacy::list_oauth_accounts(ctx.db(), *user);
    for (auto& account : accounts) views.push_back({std::move(account), ctx.is_client()});
    co_return views;
}
}  // namespace

awaitable<Result<http::Response>> list_providers(api::LegacyContext& ctx) {
    const auto query = ctx.parameters<Query>();
    if (!query) co_return std::unexpected(query.error());
    if (!query->user_id) co_return std::unexpected(api::known::schema_error("[query.user_id] Invalid input: expected string, received undefined"));
    auto views = co_await read_providers(ctx, *query->user_id);
    if (!views) co_return std::unexpected(views.error());
    co_return http::Response::json(200, Items{std::move(*views)});
}

awaitable<Result<http::Response>> get_provider(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "provider_id");
    if (!id) co_return std::unexpected(id.error());
    const auto views = co_await read_providers(ctx, ctx.parameter("user_id"));
    if (!views) co_return std::unexpected(views.error());
    const auto found = std::ranges::find(*views, *id, [](const ProviderView& view) { return view.account.id; });
    if (found == views->end()) co_return refuse(not_found);
    co_return http::Response::json(200, *found);
}
}  // namespace argon::stack::oauth
