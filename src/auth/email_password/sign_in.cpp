// POST /sign-in/email: exchange an email and a password for a session cookie.
#include "api/brakes.hpp"
#include "api/email_verification.hpp"
#include "api/guards.hpp"
#include "api/session.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_password/errors.hpp"
#include "crypto/bcrypt.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::email_password {
namespace {
// Not over a password that was changed meanwhile.
constexpr pg::Statement renew_hash{"email_password.renew_hash", R"sql(
    UPDATE neon_auth.account SET password = $3, "updatedAt" = $4 WHERE "userId" = $1 AND "providerId" = 'credential' AND password = $2)sql"};

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

/// A hash that came with the user from another program becomes one of ours, which costs the time that unknown addresses cost. Where the
/// server is busy the next sign-in does it. bcrypt saw no more than the first 72 bytes: what follows them is nobody's password yet.
awaitable<> modernize_hash(api::Context& ctx, const identity::Credential& account, const std::string& password) {
    if (!account.password_hash || !crypto::is_bcrypt(*account.password_hash) || password.size() > crypto::bcrypt_password_limit) co_return;
    const auto hash = co_await ctx.passwords().hash(ctx.io(), password);
    if (hash) co_await ctx.db.query(renew_hash, account.user.id, *account.password_hash, *hash, ctx.now);
}

/// Who knows the password may ask for another mail by signing in; nobody else learns that the address is not proven.
awaitable<Error> refuse_unverified(api::Context& ctx, const identity::User& user, const std::string& callback) {
    if (ctx.settings().email_and_password.sendVerificationEmailOnSignIn) {
        const auto sent = co_await api::send_email_verification(ctx, user, callback);
        if (!sent) co_return sent.error();
    }
    co_return Error{errors::email_not_verified};
}
}  // namespace

constexpr api::Description sign_in_docs = api::describe<SignInBody, SignInReply>(
    "signInEmail", "Sign in with email and password",
    {.refusals = {api::form_origin_refusals, errors::sign_in_disabled, errors::invalid_email, errors::invalid_email_or_password,
                  errors::email_not_verified, api::delivery_refusals, api::admit_refusals}});
awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    const auto body = ctx.body<SignInBody>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = api::check_form_origin(ctx); !checked) co_return std::unexpected(checked.error());
    if (!ctx.settings().email_and_password.enabled) co_return refuse(errors::sign_in_disabled);
    if (!json::is_email(body->email)) co_return refuse(errors::invalid_email);

    const auto email = identity::fold_email(body->email);
    auto limited = co_await api::brake_account(ctx, email);
    if (limited) co_return std::move(*limited);
    const auto account = co_await identity::find_credential(ctx.db, email);
    // An unknown address costs one hash too, so timing does not reveal who has an account.
    const auto stored_hash = account ? account->password_hash : std::nullopt;
    const auto matches = co_await ctx.passwords().verify_or_burn(ctx.io(), stored_hash, body->password);
    if (!matches) co_return std::unexpected(matches.error());
    if (!*matches) co_return refuse(errors::invalid_email_or_password);
    co_await api::forgive_account(ctx, email);
    co_await modernize_hash(ctx, *account, body->password);
    if (ctx.settings().email_and_password.requireEmailVerification && !account->user.email_verified) {
        auto error = co_await refuse_unverified(ctx, account->user, body->callbackURL.value_or("/"));
        co_return std::unexpected(std::move(error));
    }
    // A ban, too, is told only to who knows the password.
    const auto session = co_await api::admit(ctx, ctx.db, account->user, body->rememberMe);
    if (!session) co_return std::unexpected(session.error());
    const auto user = api::shown(ctx, account->user);
    const bool redirects = body->callbackURL && !body->callbackURL->empty();
    auto response = http::Response::json(200, SignInReply{redirects, session->token, body->callbackURL, user});
    // 200 with a Location as well: Better Auth's client follows `url`, a plain form follows neither (fact 40).
    if (redirects) response.add("Location", *body->callbackURL);
    api::set_session_cookies(ctx, response, {*session, user}, body->rememberMe);
    co_return response;
}
}  // namespace argon::auth::email_password
