// GET /token: a JWT for the signed-in user.
// GET /token/anonymous: one for nobody, with the Data API's role `anonymous` (auth-service.md, 2.4).
// GET /.well-known/jwks.json: the public keys; `/jwks` instead where the branch says so.
#include "auth/jwt/jwt.hpp"

#include "api/session.hpp"

namespace argon::auth::jwt {
namespace {
using http::Method;
constexpr std::int64_t anonymous_life = 3600;  // seconds
constexpr ErrorSpec not_here{404, "", ""};

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

awaitable<Result<http::Response>> token(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    auto response = http::Response::json(200, TokenReply{api::make_jwt(ctx, session->current)});
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}

awaitable<Result<http::Response>> anonymous(api::Context& ctx) {
    const auto expires_at = to_unix_seconds(ctx.now) + anonymous_life;
    co_return http::Response::json(200, AnonymousReply{api::make_anonymous_jwt(ctx, expires_at), expires_at});
}

awaitable<Result<http::Response>> jwks(api::Context& ctx) {
    if (ctx.path != ctx.settings().advanced.jwt.jwksPath) co_return refuse(not_here);
    co_return http::Response::text(200, "application/json", ctx.auth->keys.document);
}

constexpr api::Route table[] = {
    {Method::get, "/token", token},
    {Method::get, "/token/anonymous", anonymous},
    {Method::get, "/.well-known/jwks.json", jwks},
    {Method::get, "/jwks", jwks},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::jwt
