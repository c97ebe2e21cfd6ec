// POST /auth/oauth/token: the only way in which SDKs refresh an access token, for users with passwords too. It is an OAuth library that
// asks: a form, no project headers, and the project's id and publishable key as client id and secret.
#include "api/legacy_sign_in.hpp"
#include "crypto/mac.hpp"
#include "oauth/authorize.hpp"
#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
struct Body {
    std::string grant_type;
    std::string client_id;
    std::string client_secret;
    std::optional<std::string> refresh_token, code, code_verifier, redirect_uri, scope;

    static void fields(auto& f, auto& body) {
        f.required("grant_type", body.grant_type, json::one_of{{"refresh_token", "authorization_code"}});
        f.required("client_id", body.client_id, json::max_length{200});
        f.required("client_secret", body.client_secret, json::max_length{200});
        f.optional("refresh_token", body.refresh_token, json::max_length{200});
        f.optional("code", body.code, json::max_length{200});
        f.optional("code_verifier", body.code_verifier, json::max_length{200});
        f.optional("redirect_uri", body.redirect_uri, json::max_length{2048});
        f.optional("scope", body.scope, json::max_length{200});
    }
};

struct Reply {
    std::string access_token;
    std::optional<std::string> refresh_token;
    bool is_new_user = false;
    std::optional<std::string> after_callback_redirect_url;

    static void fields(auto& f, const auto& reply) {
        f.required("access_token", reply.access_token);
        f.required("token_type", "Bearer");
        f.required("expires_in", legacy::access_token_life.count());
        f.optional("refresh_token", reply.refresh_token);
        f.required("scope", "legacy");
        f.required("is_new_user", reply.is_new_user);
        f.required("after_callback_redirect_url", reply.after_callback_redirect_url);
    }
};

awaitable<Result<http::Response>> refresh(api::LegacyContext& ctx, const Body& body) {
    const auto token = body.refresh_token.value_or("");
    if (!legacy::is_secret(token)) co_return refuse(api::known::refresh_token_not_found);
    const auto session = co_await legacy::use_session(ctx.db(), ctx.keys->hash(token), ctx.now);
    if (!session) co_return refuse(api::known::refresh_token_not_found);
    // Not rotated: an app's server and its browser hold the same one.
    co_return http::Response::json(200, Reply{.access_token = api::make_legacy_token(ctx, session->user, session->session.id),
                                              .refresh_token = {},
                                              .after_callback_redirect_url = {}});
}

/// One statement takes the code: of any number of requests one gets tokens, and a wrong verifier uses it up.
awaitable<Result<http::Response>> redeem(api::LegacyContext& ctx, const Body& body) {
    const auto tried = co_await legacy::try_code(ctx.db(), *ctx.keys, grant_purpose, body.code.value_or(""), true, ctx.now);
    const auto grant = tried.verdict == legacy::CodeVerdict::right ? from_data<Grant>(tried.data) : std::nullopt;
    const bool fits = grant && body.redirect_uri == grant->redirect_uri &&
                      crypto::equal(argon::oauth::code_challenge(body.code_verifier.value_or("")), grant->code_challenge);
    if (!fits) co_return refuse(api::known::invalid_authorization_code);
    const auto user = co_await legacy::find_user(ctx.db(), grant->user);
    if (!user) co_return refuse(api::known::invalid_authorization_code);
    auto session = co_await api::open_legacy_session(ctx, ctx.db(), *user);
    if (!session) co_return refuse(api::known::invalid_authorization_code);
    co_return http::Response::json(200, Reply{.access_token = std::move(session->access_token),
                                              .refresh_token = std::move(session->refresh_token),
                                              .is_new_user = grant->is_new_user,
                                              .after_callback_redirect_url = grant->after_callback_redirect_url});
}
}  // namespace

awaitable<Result<http::Response>> exchange(api::LegacyContext& ctx) {
    const auto body = ctx.body<Body>();
    if (!body) co_return std::unexpected(body.error());
    const auto entered = co_await enter_as_client(ctx, body->client_id, body->client_secret);
    if (!entered) co_return std::unexpected(entered.error());
    if (body->grant_type == "refresh_token") co_return co_await refresh(ctx, *body);
    co_return co_await redeem(ctx, *body);
}
}  // namespace argon::stack::oauth
