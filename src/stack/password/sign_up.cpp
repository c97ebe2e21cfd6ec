// POST /auth/password/sign-up: a new user with an address and a password, signed in at once.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
struct Body {
    std::string email;
    std::string password;
    std::optional<std::string> verification_callback_url;
    // Bots are told apart by nobody here: what SDKs send for it is taken and left.
    std::optional<std::string> bot_challenge_token, bot_challenge_phase, bot_challenge_unavailable;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("password", body.password, longest);
        f.optional("verification_callback_url", body.verification_callback_url, json::max_length{2048});
        f.optional("bot_challenge_token", body.bot_challenge_token);
        f.optional("bot_challenge_phase", body.bot_challenge_phase, json::one_of{{"invisible", "visible"}});
        f.optional("bot_challenge_unavailable", body.bot_challenge_unavailable, json::one_of{{"true"}});
    }
};

/// In the order of the original.
Result<> check(const api::LegacyContext& ctx, const Body& body) {
    const auto& config = ctx.project->config;
    if (!config.credential_enabled) return refuse(api::known::password_not_enabled);
    if (body.verification_callback_url) {
        const auto trusted = api::check_callback(ctx, *body.verification_callback_url);
        if (!trusted) return trusted;
    }
    if (!config.sign_up_enabled) return refuse(api::known::sign_up_not_enabled);
    return api::check_legacy_password(body.password);
}
}  // namespace

awaitable<Result<http::Response>> sign_up(api::LegacyContext& ctx) {
    const auto body = ctx.body<Body>();
    if (!body) co_return std::unexpected(body.error());
    const auto allowed = check(ctx, *body);
    if (!allowed) co_return std::unexpected(allowed.error());
    auto hash = co_await ctx.passwords().hash_bcrypt(ctx.io(), body->password);
    if (!hash) co_return std::unexpected(hash.error());

    const auto email = api::fold_address(body->email);
    const legacy::UserChange person{
        .primary_email = {true, email}, .primary_email_auth_enabled = {true, true}, .password_hash = {true, std::move(*hash)}};
    auto tx = co_await ctx.db().begin();
    const auto user = co_await legacy::create_user(tx, person, ctx.now);
    if (!user) co_return std::unexpected(api::to_error(user.error(), body->email, {}));
    if (body->verification_callback_url) co_await api::send_verification(ctx, tx, user->id, email, *body->verification_callback_url);
    const auto session = co_await api::open_legacy_session(ctx, tx, *user);
    if (!session) co_return refuse(api::known::user_not_found);
    co_await tx.commit();
    co_return http::Response::json(200, api::TokensReply{session->access_token, session->refresh_token, user->id, {}});
}
}  // namespace argon::stack::password
