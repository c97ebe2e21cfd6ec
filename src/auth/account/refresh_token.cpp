// POST /refresh-token: new tokens from the provider, whether or not the old ones are still good.
#include "auth/account/account.hpp"
#include "auth/account/errors.hpp"
#include "auth/account/tokens.hpp"

namespace argon::auth::account {
namespace {

struct RefreshReply {
    FreshTokens tokens;
    std::string scope;
    std::string provider;
    std::string account;

    static void fields(auto& f, const auto& reply) {
        f.required("accessToken", reply.tokens.access_token);
        f.optional("refreshToken", reply.tokens.refresh_token);
        f.optional("accessTokenExpiresAt", reply.tokens.access_token_expires_at);
        f.required("refreshTokenExpiresAt", reply.tokens.refresh_token_expires_at);
        f.required("scope", reply.scope);
        f.required("idToken", reply.tokens.id_token);
        f.required("providerId", reply.provider);
        f.required("accountId", reply.account);
    }
};
}  // namespace

constexpr api::Description refresh_token_docs = api::describe<TokenBody, RefreshReply>(
    "refreshToken", "Get new tokens from a provider",
    {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::no_refresh_token, errors::refresh_failed, linked_refusals}});
awaitable<Result<http::Response>> refresh_token(api::Context& ctx) {
    const auto body = ctx.body<TokenBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    const auto linked = co_await find_linked(ctx, session->current.user.id, *body);
    if (!linked) co_return std::unexpected(linked.error());
    const auto stored = stored_tokens(ctx, linked->account);
    if (!stored.refresh_token) co_return refuse(errors::no_refresh_token);
    auto tokens = co_await refresh_tokens(ctx, *linked, *stored.refresh_token, errors::refresh_failed);
    if (!tokens) co_return std::unexpected(tokens.error());
    RefreshReply reply{.tokens = std::move(*tokens), .scope = {}, .provider = linked->account.provider_id, .account = linked->account.account_id};
    for (const auto& scope : reply.tokens.scopes) reply.scope += (reply.scope.empty() ? "" : ",") + scope;
    auto response = http::Response::json(200, reply);
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::account
