#include "auth/account/tokens.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "auth/account/errors.hpp"
#include "base/log.hpp"

namespace argon::auth::account {
namespace {
constexpr std::chrono::seconds about_to_end{5};

awaitable<std::optional<identity::ProviderAccount>> find_again(api::Context& ctx, const identity::ProviderAccount& account) {
    auto found = co_await identity::find_provider_account(ctx.db, account.provider_id, account.account_id);
    co_return found;
}

/// What the provider left out stays as it was.
FreshTokens merge(FreshTokens stored, const oauth::Tokens& fresh) {
    stored.access_token = fresh.access_token;
    if (fresh.refresh_token) stored.refresh_token = fresh.refresh_token;
    if (fresh.id_token) stored.id_token = fresh.id_token;
    stored.access_token_expires_at = fresh.access_token_expires_at;
    if (fresh.refresh_token_expires_at) stored.refresh_token_expires_at = fresh.refresh_token_expires_at;
    if (!fresh.scopes.empty()) stored.scopes = fresh.scopes;
    return stored;
}
}  // namespace

std::vector<std::string> split_scopes(std::string_view scope) {
    std::vector<std::string> scopes;
    while (!scope.empty()) {
        const auto one = scope.substr(0, scope.find(','));
        scopes.emplace_back(one);
        scope.remove_prefix(std::min(one.size() + 1, scope.size()));
    }
    return scopes;
}

awaitable<Result<Linked>> find_linked(api::Context& ctx, const UserId& user, const TokenBody& wanted) {
    auto client = api::find_oauth_client(ctx, wanted.providerId);
    if (!client)
        co_return refuse_with(errors::provider_not_supported, fmt::format("Provider {} is not supported.", wanted.providerId.substr(0, 100)));
    auto accounts = co_await identity::list_provider_accounts(ctx.db, user);
    const auto found = std::ranges::find_if(accounts, [&](const auto& account) {
        const bool is_it = !wanted.accountId || wanted.accountId->empty() || account.account_id == *wanted.accountId;
        return is_it && account.provider_id == wanted.providerId;
    });
    if (found == accounts.end()) co_return refuse(errors::account_not_found);
    co_return Linked{std::move(*found), std::move(*client)};
}

FreshTokens stored_tokens(const api::Context& ctx, const identity::ProviderAccount& account) {
    const auto& tokens = account.tokens;
    return {.access_token = api::open_token(ctx.services, account, api::access_token_column, tokens.access_token).value_or(""),
            .refresh_token = api::open_token(ctx.services, account, api::refresh_token_column, tokens.refresh_token),
            .id_token = api::open_token(ctx.services, account, api::id_token_column, tokens.id_token),
            .access_token_expires_at = tokens.access_token_expires_at,
            .refresh_token_expires_at = tokens.refresh_token_expires_at,
            .scopes = split_scopes(tokens.scope.value_or(""))};
}

awaitable<Result<FreshTokens>> refresh_tokens(api::Context& ctx, const Linked& linked, const std::string& refresh_token, ErrorSpec refusal) {
    const auto& [account, client] = linked;
    const auto fresh = co_await oauth::refresh(*client.way, client.provider, client.credentials, refresh_token, ctx.now);
    if (fresh) {
        const auto sealed = api::seal_tokens(ctx.services, account.provider_id, account.account_id, *fresh);
        co_await identity::update_provider_tokens(ctx.db, account.id, sealed, ctx.now);
        co_return merge(stored_tokens(ctx, account), *fresh);
    }
    const auto other = co_await find_again(ctx, account);
    if (other && other->tokens.access_token != account.tokens.access_token) co_return stored_tokens(ctx, *other);
    log::warn(
        "tokens of an identity provider were not refreshed",
        {{"branch", ctx.branch->branch.value}, {"provider", account.provider_id}, {"reason", fresh.error().reason}, {"request", ctx.request_id}});
    co_return refuse(refusal);
}

awaitable<Result<FreshTokens>> valid_tokens(api::Context& ctx, const Linked& linked) {
    auto tokens = stored_tokens(ctx, linked.account);
    const auto& end = tokens.access_token_expires_at;
    if (!tokens.refresh_token || !end || *end - about_to_end >= ctx.now) co_return tokens;
    auto refreshed = co_await refresh_tokens(ctx, linked, *tokens.refresh_token, errors::access_token_failed);
    co_return refreshed;
}
}  // namespace argon::auth::account
