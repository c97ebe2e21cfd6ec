// POST and GET /get-access-token: a provider's access token that is still good, refreshed if need be.
#include "auth/account/account.hpp"
#include "auth/account/tokens.hpp"

namespace argon::auth::account {
namespace {

struct AccessTokenReply {
    std::string accessToken;
    std::optional<TimePoint> accessTokenExpiresAt;
    std::vector<std::string> scopes;
    std::optional<std::string> idToken;

    static void fields(auto& f, const auto& reply) {
        f.required("accessToken", reply.accessToken);
        f.optional("accessTokenExpiresAt", reply.accessTokenExpiresAt);
        f.required("scopes", reply.scopes);
        f.optional("idToken", reply.idToken);
    }
};

awaitable<Result<http::Response>> answer(api::Context& ctx, TokenBody wanted) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return refuse(errors::unauthorized);
    const auto linked = co_await find_linked(ctx, session->current.user.id, wanted);
    if (!linked) co_return std::unexpected(linked.error());
    const auto tokens = co_await valid_tokens(ctx, *linked);
    if (!tokens) co_return std::unexpected(tokens.error());
    auto response =
        http::Response::json(200, AccessTokenReply{tokens->access_token, tokens->access_token_expires_at, tokens->scopes, tokens->id_token});
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace

constexpr api::Description get_access_token_docs =
    api::describe<TokenBody, AccessTokenReply>("getAccessToken", "Get a provider's access token, refreshed if it is about to end",
                                               {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::access_token_failed, linked_refusals}});
awaitable<Result<http::Response>> get_access_token(api::Context& ctx) {
    auto body = ctx.body<TokenBody>();
    if (!body) co_return std::unexpected(body.error());
    auto response = co_await answer(ctx, std::move(*body));
    co_return response;
}

awaitable<Result<http::Response>> read_access_token(api::Context& ctx) {
    auto query = ctx.parameters<TokenBody>();
    if (!query) co_return std::unexpected(query.error());
    auto response = co_await answer(ctx, std::move(*query));
    co_return response;
}
}  // namespace argon::auth::account
