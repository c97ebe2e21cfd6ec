// GET /token: a JWT for the signed-in user.
// GET /token/anonymous: one for nobody, with the Data API's role `anonymous` (auth-service.md, 2.4).
// GET /.well-known/jwks.json: the public keys; `/jwks` instead where the branch says so.
#include "auth/jwt/jwt.hpp"

#include "api/session.hpp"

namespace argon::auth::jwt {
namespace {
using http::Method;
constexpr std::int64_t anonymous_life = 3600;  // seconds

struct TokenReply {
    std::string token;

    static void fields(auto& f, const auto& reply) { f.required("token", reply.token); }
};

struct AnonymousReply {
    std::string token;
    std::int64_t expires_at;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("expires_at", reply.expires_at);
    }
};

struct KeyView {
    std::string alg, crv, x, kty, kid;

    static void fields(auto& f, const auto& key) {
        f.required("alg", key.alg);
        f.required("crv", key.crv);
        f.required("x", key.x);
        f.required("kty", key.kty);
        f.required("kid", key.kid);
    }
};

struct KeysReply {
    std::vector<KeyView> keys;

    static void fields(auto& f, const auto& reply) { f.required("keys", reply.keys); }
};

constexpr auto token_docs = api::describe<void, TokenReply>("getJSONWebToken", "Get a JWT for the signed-in user", {.needs = api::Needs::session});
awaitable<Result<http::Response>> token(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    auto response = http::Response::json(200, TokenReply{api::make_jwt(ctx, session->current)});
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}

constexpr auto anonymous_docs =
    api::describe<void, AnonymousReply>("getAnonymousToken", "Get a JWT for nobody, with the Data API's role `anonymous`");
awaitable<Result<http::Response>> anonymous(api::Context& ctx) {
    const auto expires_at = to_unix_seconds(ctx.now) + anonymous_life;
    co_return http::Response::json(200, AnonymousReply{api::make_anonymous_jwt(ctx, expires_at), expires_at});
}

constexpr auto jwks_docs = api::describe<void, KeysReply>("getJSONWebKeySet", "List the keys that verify the JWTs");
awaitable<Result<http::Response>> jwks(api::Context& ctx) { co_return http::Response::text(200, "application/json", ctx.auth->keys.document); }

bool is_well_known(const identity::Settings& settings) { return settings.advanced.jwt.jwksPath == "/.well-known/jwks.json"; }
bool is_plain(const identity::Settings& settings) { return settings.advanced.jwt.jwksPath == "/jwks"; }

constexpr api::Route table[] = {
    {Method::get, "/token", token, {}, &token_docs},
    {Method::get, "/token/anonymous", anonymous, {}, &anonymous_docs},
    {Method::get, "/.well-known/jwks.json", jwks, {.exists = is_well_known}, &jwks_docs},
    {Method::get, "/jwt", jwks, {.exists = is_well_known}, &api::unlisted},  // as Neon's SDK calls it (auth-service.md, 2.2)
    {Method::get, "/jwks", jwks, {.exists = is_plain}, &jwks_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::jwt
