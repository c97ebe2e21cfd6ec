// Sign-in without a browser's detour: an app on a phone has the provider's id_token already and hands it in. The token has to be signed by
// the provider, for the branch's own client, and not be older than an hour; who then comes in is decided as for everybody else (enter.hpp).
#include <algorithm>

#include "api/session.hpp"
#include "auth/social/enter.hpp"
#include "auth/social/start.hpp"
#include "base/log.hpp"

namespace argon::auth::social {
namespace {

Flow flow_of(const StartBody& body, const api::OauthClient& client, std::optional<Link> link) {
    return {.provider = client.provider.id,
            .callbackURL = body.callbackURL.value_or("/"),
            .errorURL = {},
            .newUserURL = {},
            .link = std::move(link),
            .challenge = {},
            .scopes = {},
            .loginHint = {}};
}

awaitable<Result<oauth::Profile>> read_token(api::Context& ctx, const GivenIdToken& given, const api::OauthClient& client) {
    auto profile =
        co_await oauth::profile_of_token(*client.way, *client.keys, client.provider, client.credentials, given.token, given.nonce, ctx.now);
    if (!profile) {
        log::warn("an id_token was refused", {{"branch", ctx.branch->branch.value},
                                              {"provider", client.provider.id},
                                              {"reason", profile.error().reason},
                                              {"request", ctx.request_id}});
        const bool names_nobody = profile.error().kind == oauth::Problem::Kind::bad_profile;
        co_return refuse(names_nobody ? errors::no_user_info : errors::invalid_token);
    }
    if (profile->email.empty()) co_return refuse(errors::no_email);
    co_return std::move(*profile);
}

/// What the browser's way tells in a query is an answer here.
std::unexpected<Error> refusal_of(const Failure& failure) {
    if (failure.code == api::errors::banned_user.code) return refuse(api::errors::banned_user);
    // A webhook's word, as sign-up tells it.
    if (!failure.description.empty()) return std::unexpected(Error::with_code(403, failure.code, failure.description));
    auto words = failure.code;
    std::ranges::replace(words, '_', ' ');
    return refuse_with(errors::not_entered, std::move(words));
}

std::unexpected<Error> link_refusal_of(const Failure& failure) {
    if (failure.code == api::errors::banned_user.code) return refuse(api::errors::banned_user);
    if (failure.code == "email_doesn't_match") return refuse(errors::other_email);
    if (failure.code == "account_already_linked_to_different_user") return refuse(errors::linked_elsewhere);
    return refuse(errors::linking_not_allowed);
}

awaitable<Result<http::Response>> link_account(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens) {
    const auto added = co_await add_account(ctx, flow, profile, tokens);
    if (!added) co_return link_refusal_of(added.error());
    co_return http::Response::json(200, StartReply{.url = "", .redirect = false, .token = {}, .user = {}, .status = true});
}
}  // namespace

bool takes_given_tokens(const api::OauthClient& client) {
    // Tokens for a shared client are handed out by every branch that shares it: they say nothing about who is here.
    return !client.is_shared && client.provider.sends_nonce && !client.provider.jwks_uri.empty();
}

awaitable<Result<http::Response>> start_with_token(api::Context& ctx, const StartBody& body, const api::OauthClient& client,
                                                   std::optional<Link> link) {
    const auto& given = *body.idToken;
    const auto profile = co_await read_token(ctx, given, client);
    if (!profile) co_return std::unexpected(profile.error());
    oauth::Tokens tokens{.access_token = given.accessToken.value_or("")};
    if (link) {
        tokens.refresh_token = given.refreshToken;
        tokens.id_token = given.token;
        tokens.scopes = given.scopes;
    }
    const auto flow = flow_of(body, client, std::move(link));
    if (flow.link) {
        auto linked = co_await link_account(ctx, flow, *profile, tokens);
        co_return linked;
    }
    const auto entered = co_await enter(ctx, flow, *profile, tokens);
    if (!entered) co_return refusal_of(entered.error());
    const auto session = co_await api::admit(ctx, ctx.db, entered->user);
    if (!session) co_return std::unexpected(session.error());
    const auto user = api::shown(ctx, entered->user);
    auto response = http::Response::json(200, StartReply{.url = {}, .redirect = false, .token = session->token, .user = user, .status = {}});
    api::set_session_cookies(ctx, response, {*session, user}, true);
    co_return response;
}
}  // namespace argon::auth::social
