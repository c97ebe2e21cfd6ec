// GET /verify-email?token=...: the link in the mail proves an address, or moves the user to another one.
// POST /verify-email: the same for programs, which get JSON, and for the confirmation page, which is sent on.
#include "api/confirm_page.hpp"
#include "api/email_verification.hpp"
#include "api/guards.hpp"
#include "api/redirects.hpp"
#include "api/session.hpp"
#include "auth/email_verification/email_verification.hpp"

namespace argon::auth::email_verification {
namespace {
constexpr ErrorSpec invalid_token{401, "INVALID_TOKEN", "Invalid token"};
constexpr ErrorSpec token_expired{401, "TOKEN_EXPIRED", "Token expired"};
constexpr ErrorSpec user_not_found{401, "USER_NOT_FOUND", "User not found"};
constexpr ErrorSpec invalid_user{401, "INVALID_USER", "Invalid user"};

struct Link {
    std::string token;
    std::optional<std::string> callbackURL;  ///< absent: the answer is JSON

    static void fields(auto& f, auto& link) {
        f.required("token", link.token);
        f.optional("callbackURL", link.callbackURL);
    }
};

struct VerifyReply {
    std::optional<identity::User> user;

    static void fields(auto& f, const auto& reply) {
        f.required("status", true);
        f.required("user", reply.user);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

/// Relative targets stay relative (auth-wire-facts.md, fact 38).
Result<http::Response> fail(const Link& link, ErrorSpec why) {
    if (!link.callbackURL || link.callbackURL->empty()) return refuse(why);
    return api::send_on(api::with_parameter(*link.callbackURL, "error", why.code));
}

template <class Reply>
http::Response succeed(const Link& link, const Reply& reply) {
    if (!link.callbackURL || link.callbackURL->empty()) return http::Response::json(200, reply);
    return api::send_on(*link.callbackURL);
}

/// The first of two confirmations: the old mailbox agreed, now the new one is asked.
awaitable<Result<http::Response>> ask_new_mailbox(api::Context& ctx, const Link& link, const api::LinkClaims& claims, const identity::User& user) {
    const auto sent = co_await api::send_change_link(ctx, user, *claims.updateTo, api::verifies_change, link.callbackURL.value_or("/"));
    if (!sent) co_return std::unexpected(sent.error());
    co_return succeed(link, StatusReply{});
}

awaitable<Result<http::Response>> change_address(api::Context& ctx, const Link& link, const api::LinkClaims& claims, const identity::User& user) {
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    if (claims.userId != user.id || (lookup.active && lookup.active->current.user.id != user.id)) co_return fail(link, invalid_user);
    if (claims.requestType == api::confirms_change) {
        auto asked = co_await ask_new_mailbox(ctx, link, claims, user);
        co_return asked;
    }
    if (claims.requestType != api::verifies_change) co_return fail(link, invalid_token);

    auto tx = co_await ctx.pool->begin();
    auto changed = co_await identity::change_email(tx, user.id, user.email, identity::fold_email(*claims.updateTo), true, ctx.now);
    if (!changed) co_return fail(link, invalid_token);
    std::optional<identity::Session> session;
    if (lookup.active) {
        session = lookup.active->current.session;
    } else {
        const auto opened = co_await api::admit(ctx, tx, *changed);
        if (!opened) co_return std::unexpected(opened.error());
        session = *opened;
    }
    co_await tx.commit();
    const auto shown = api::shown(ctx, *changed);
    auto response = succeed(link, VerifyReply{shown});
    api::set_session_cookies(ctx, response, {*session, shown}, api::is_remembered(ctx));
    co_return response;
}

awaitable<Result<http::Response>> prove_address(api::Context& ctx, const Link& link, const identity::User& user) {
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    auto tx = co_await ctx.pool->begin();
    const auto verified = co_await identity::verify_email(tx, user.id, user.email, ctx.now);
    if (!verified) co_return succeed(link, VerifyReply{});
    if (!ctx.settings().email_and_password.autoSignInAfterVerification) {
        co_await tx.commit();
        co_return succeed(link, VerifyReply{});
    }
    std::optional<identity::Session> session;
    if (lookup.active && lookup.active->current.user.id == user.id) {
        session = lookup.active->current.session;
    } else {
        const auto opened = co_await api::admit(ctx, tx, *verified);
        if (!opened) co_return std::unexpected(opened.error());
        session = *opened;
    }
    co_await tx.commit();
    auto response = succeed(link, VerifyReply{});
    api::set_session_cookies(ctx, response, {*session, api::shown(ctx, *verified)}, api::is_remembered(ctx));
    co_return response;
}

awaitable<Result<http::Response>> use_link(api::Context& ctx, Link link) {
    const auto claims = api::read_link_token(ctx, link.token);
    if (!claims) co_return fail(link, claims.error() == api::LinkFlaw::expired ? token_expired : invalid_token);
    const auto user = co_await identity::find_user_by_email(ctx.db, identity::fold_email(claims->email));
    if (!user) co_return fail(link, user_not_found);
    if (claims->updateTo) {
        auto changed = co_await change_address(ctx, link, *claims, *user);
        co_return changed;
    }
    if (user->email_verified) co_return succeed(link, VerifyReply{});
    auto proven = co_await prove_address(ctx, link, *user);
    co_return proven;
}
}  // namespace

constexpr api::Description open_link_docs = api::describe<void, VerifyReply, Link>(
    "verifyEmail", "Prove an address, or move to another one, with a mailed link",
    {.refusals = {api::link_target_refusals, invalid_token, token_expired, user_not_found, invalid_user, api::delivery_refusals, api::admit_refusals},
     .redirects = true,
     .shows_page = true});
awaitable<Result<http::Response>> open_link(api::Context& ctx) {
    const auto link = ctx.parameters<Link>();
    if (!link) co_return std::unexpected(link.error());
    if (auto checked = api::check_link_targets(ctx); !checked) co_return std::unexpected(checked.error());
    if (api::wants_confirmation(ctx)) co_return api::confirm_page(ctx, "Confirm that this e-mail address is yours.", "Confirm");
    auto used = co_await use_link(ctx, *link);
    co_return used;
}

awaitable<Result<http::Response>> post_link(api::Context& ctx) {
    auto link = ctx.body<Link>();
    if (!link) co_return std::unexpected(link.error());
    if (!api::is_form(ctx)) link->callbackURL.reset();
    auto used = co_await use_link(ctx, std::move(*link));
    co_return used;
}
}  // namespace argon::auth::email_verification
