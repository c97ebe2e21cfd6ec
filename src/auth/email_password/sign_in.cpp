// POST /sign-in/email: exchange an email and a password for a session cookie.
#include "api/guards.hpp"
#include "api/session.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_password/errors.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::email_password {
namespace {

struct SignInBody {
    std::string email;
    std::string password;
    std::optional<std::string> callbackURL;
    bool rememberMe = true;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("password", body.password);
        f.optional("callbackURL", body.callbackURL);
        f.optional("rememberMe", body.rememberMe);
    }
};

struct SignInReply {
    bool redirect;
    std::string token;
    std::optional<std::string> url;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("redirect", reply.redirect);
        f.required("token", reply.token);
        f.optional("url", reply.url);
        f.required("user", reply.user);
    }
};

/// A ban is told only to who knows the password. One whose time has come ends here (auth-wire-facts.md, fact 53).
awaitable<Result<>> check_ban(api::Context& ctx, const identity::User& user) {
    if (!user.banned.value_or(false)) co_return Result<>{};
    if (!user.ban_expires || *user.ban_expires > ctx.now) co_return refuse(errors::banned_user);
    co_await identity::lift_ban(ctx.db, user.id);
    co_return Result<>{};
}
}  // namespace

awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    const auto body = ctx.body<SignInBody>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = api::check_form_origin(ctx); !checked) co_return std::unexpected(checked.error());
    if (!ctx.settings().email_and_password.enabled) co_return refuse(errors::sign_in_disabled);
    if (!json::is_email(body->email)) co_return refuse(errors::invalid_email);

    auto account = co_await identity::find_credential(ctx.db, identity::fold_email(body->email));
    // An unknown address costs one hash too, so timing does not reveal who has an account.
    const auto stored_hash = account ? account->password_hash : std::nullopt;
    const auto matches = co_await ctx.passwords.verify_or_burn(ctx.io(), stored_hash, body->password);
    if (!matches) co_return std::unexpected(matches.error());
    if (!*matches) co_return refuse(errors::invalid_email_or_password);
    if (ctx.settings().email_and_password.requireEmailVerification && !account->user.email_verified) co_return refuse(errors::email_not_verified);
    if (auto allowed = co_await check_ban(ctx, account->user); !allowed) co_return std::unexpected(allowed.error());

    account->user.shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    const auto session = co_await api::open_session(ctx, ctx.db, account->user.id, body->rememberMe);
    auto response = http::Response::json(200, SignInReply{body->callbackURL.has_value(), session.token, body->callbackURL, account->user});
    // 200 with a Location as well: Better Auth's client follows `url`, a plain form follows neither (fact 40).
    if (body->callbackURL) response.add("Location", *body->callbackURL);
    api::set_session_cookies(ctx, response, {session, account->user}, body->rememberMe);
    co_return response;
}
}  // namespace argon::auth::email_password
