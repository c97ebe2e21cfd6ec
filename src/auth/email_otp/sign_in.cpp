// POST /sign-in/email-otp: exchange a code for a session. A new address becomes a user; an unproven account loses what it had.
#include "api/session.hpp"
#include "auth/email_otp/email_otp.hpp"

namespace argon::auth::email_otp {
namespace {

struct SignInBody {
    std::string email;
    std::string otp;
    std::optional<std::string> name;
    std::optional<std::string> image;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email);
        f.required("otp", body.otp);
        f.optional("name", body.name, json::max_length{1024});
        f.optional("image", body.image, json::max_length{8192});
    }
};

struct SignInReply {
    std::string token;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("user", reply.user);
    }
};

awaitable<Result<identity::SessionAndUser>> sign_up(api::Context& ctx, identity::NewUser new_user) {
    if (ctx.settings().advanced.emailOtp.disableSignUp) co_return refuse(api::errors::invalid_otp);
    const auto approved = co_await api::approve_new_user(ctx, new_user, "email-otp");
    if (!approved) co_return std::unexpected(approved.error());
    auto tx = co_await ctx.pool->begin();
    const auto user = co_await identity::insert_user(tx, new_user, ctx.now);
    if (!user) co_return refuse(api::errors::invalid_otp);  // somebody took the address at this very moment
    co_await api::announce_user_created(ctx, tx, *user, "email-otp");
    const auto session = co_await api::admit(ctx, tx, *user);
    if (!session) co_return std::unexpected(session.error());
    co_await tx.commit();
    co_return identity::SessionAndUser{*session, *user};
}

/// The answer shows the user as it was before the proof, as upstream does.
awaitable<Result<identity::SessionAndUser>> enter(api::Context& ctx, const identity::User& user) {
    auto tx = co_await ctx.pool->begin();
    if (!user.email_verified) co_await identity::prove_email(tx, user.id, ctx.now);
    const auto session = co_await api::admit(ctx, tx, user);
    if (!session) co_return std::unexpected(session.error());
    co_await tx.commit();
    co_return identity::SessionAndUser{*session, user};
}
}  // namespace

constexpr api::Description sign_in_docs = api::describe<SignInBody, SignInReply>(
    "signInWithEmailOTP", "Sign in, or up, with a code", {.refusals = {api::code_refusals, api::new_user_refusals, api::admit_refusals}});
awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    const auto body = ctx.open_body<SignInBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto email = identity::fold_email(body->email);
    const auto checked = co_await check(ctx, "sign-in", email, body->otp);
    if (!checked) co_return std::unexpected(checked.error());

    const auto user = co_await identity::find_user_by_email(ctx.db, email);
    Result<identity::SessionAndUser> entered;
    if (user) {
        entered = co_await enter(ctx, *user);
    } else {
        entered = co_await sign_up(ctx, {.name = body->name.value_or(""), .email = email, .email_verified = true, .image = body->image});
    }
    if (!entered) co_return std::unexpected(entered.error());
    entered->user = api::shown(ctx, std::move(entered->user));
    auto response = http::Response::json(200, SignInReply{entered->session.token, entered->user});
    api::set_session_cookies(ctx, response, *entered, true);
    co_return response;
}
}  // namespace argon::auth::email_otp
