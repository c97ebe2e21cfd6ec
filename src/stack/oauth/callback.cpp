// GET and POST /auth/oauth/callback/{provider_id}: the browser comes back from the provider and goes on to the app, with a code of ours or
// with an error as the SDKs read it.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "api/redirects.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "legacy/oauth_accounts.hpp"
#include "oauth/exchange.hpp"
#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
constexpr std::size_t longest_parameter = 4096;

struct Answer {
    std::string project;
    std::string secret;
    std::optional<std::string> code, error, iss;
};

std::optional<std::string> parameter(const api::LegacyContext& ctx, const json::Value& form, std::string_view name) {
    const auto* posted = json::find(form, name);
    const auto* in_query = http::find(ctx.query, name);
    std::string text;
    if (in_query) {
        text = *in_query;
    } else if (posted && posted->is_string()) {
        text = std::string{posted->get_string()};
    }
    if (text.empty() || text.size() > longest_parameter || !is_storable_text(text)) return {};
    return text;
}

std::optional<Answer> read_answer(const api::LegacyContext& ctx) {
    const auto body = ctx.request.method == http::Method::post ? ctx.parsed_body() : Result<json::Value>{json::Object{}};
    if (!body) return {};
    const auto state = parameter(ctx, *body, "state");
    const auto dot = state ? state->find('.') : std::string::npos;
    if (dot == std::string::npos) return {};
    return Answer{.project = state->substr(0, dot),
                  .secret = state->substr(dot + 1),
                  .code = parameter(ctx, *body, "code"),
                  .error = parameter(ctx, *body, "error"),
                  .iss = parameter(ctx, *body, "iss")};
}

bool has_cookie(const http::Request& request, const std::string& name) {
    const auto wanted = name + "=true";
    for (const auto& [field, value] : request.fields) {
        if (!http::equal_ignoring_case(field, "cookie")) continue;
        auto rest = value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            if (http::trim(rest.substr(0, end)) == wanted) return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return false;
}

http::Response go_to(std::string url) {
    auto response = api::send_on(std::move(url));
    response.status = 303;
    return response;
}

/// The app is told in the words of RFC 6749, and in those that its SDK rebuilds the error from.
http::Response fail(const Flow& flow, const Error& error) {
    auto url = api::with_parameter(flow.error_redirect_url.value_or(flow.redirect_uri), "error", "server_error");
    url = api::with_parameter(url, "error_description", error.message());
    if (!error.code().empty()) url = api::with_parameter(url, "errorCode", error.code());
    url = api::with_parameter(url, "message", error.message());
    url = api::with_parameter(url, "details", error.details().empty() ? "{}" : error.details());
    return go_to(api::with_parameter(url, "state", flow.state));
}

constexpr ErrorSpec provider_failed{400, "", "The identity provider and this service could not agree."};

awaitable<Result<argon::oauth::Profile>> ask_provider(api::LegacyContext& ctx, const api::OauthClient& client, const Answer& answer) {
    const auto report = [&ctx, &client](const argon::oauth::Problem& problem) {
        log::warn("a sign-in at an identity provider failed",
                  {{"project", ctx.project_id()}, {"provider", client.provider.id}, {"reason", problem.reason}, {"request", ctx.request_id}});
        return refuse(provider_failed);
    };
    const auto& provider = client.provider;
    // Which of several providers answered (RFC 9207): an answer of one must not be taken to another.
    const bool is_fixed = !provider.issuer.empty() && provider.issuer.find('{') == std::string::npos;
    if (answer.iss ? is_fixed && *answer.iss != provider.issuer && *answer.iss != provider.other_issuer : provider.requires_iss) {
        co_return refuse(provider_failed);
    }
    const argon::oauth::CodeGrant grant{*answer.code, code_verifier(ctx, answer.secret), client.redirect_uri};
    const auto tokens = co_await argon::oauth::exchange_code(*client.way, provider, client.credentials, grant, ctx.now);
    if (!tokens) co_return report(tokens.error());
    const std::optional<std::string> expected = nonce(ctx, answer.secret);
    auto profile = co_await argon::oauth::fetch_profile(*client.way, *client.keys, provider, client.credentials, *tokens, expected, now());
    if (!profile) co_return report(profile.error());
    co_return std::move(*profile);
}

struct Entered {
    UserId user;
    bool is_new = false;
};

legacy::OauthAccount account_of(const Flow& flow, const UserId& user, const argon::oauth::Profile& profile) {
    return {.id = {},
            .user_id = user,
            .provider_id = flow.provider,
            .account_id = profile.id,
            .email = profile.email.empty() ? std::nullopt : std::optional{profile.email}};
}

/// Somebody who signs in with the address already: the same person only where both sides have seen that it is theirs.
awaitable<Result<std::optional<UserId>>> find_owner(api::LegacyContext& ctx, pg::Executor& tx, const argon::oauth::Profile& profile) {
    if (profile.email.empty()) co_return std::nullopt;
    const auto owner = co_await legacy::find_by_auth_email(tx, profile.email);
    if (owner && owner->is_verified && profile.email_verified) co_return owner->id;
    if (owner) co_return std::unexpected(api::known::contact_channel_used_by_other(profile.email, true));
    if (!ctx.project->config.sign_up_enabled) co_return refuse(api::known::sign_up_not_enabled);
    co_return std::nullopt;
}

legacy::UserChange new_user(const argon::oauth::Profile& profile) {
    legacy::UserChange user;
    if (!profile.name.empty()) user.display_name = {true, profile.name.substr(0, 256)};
    if (!is_utf8(user.display_name.value.value_or(""))) user.display_name = {};  // cut within a character
    if (profile.image) user.profile_image_url = {true, *profile.image};
    if (profile.email.empty()) return user;
    user.primary_email = {true, profile.email};
    user.primary_email_verified = {true, profile.email_verified};
    // An address that nobody has proven belongs to nobody: its owner must be able to sign up with it.
    user.primary_email_auth_enabled = {true, profile.email_verified};
    return user;
}

awaitable<Result<Entered>> enter(api::LegacyContext& ctx, pg::Executor& tx, const Flow& flow, const argon::oauth::Profile& profile) {
    const auto known = co_await legacy::find_oauth_account(tx, flow.provider, profile.id);
    if (known && flow.link && known->user_id != *flow.link) co_return refuse(api::known::oauth_connected_elsewhere);
    if (known) co_return Entered{known->user_id};
    Entered entered{flow.link.value_or(UserId{})};
    if (!flow.link) {
        const auto owner = co_await find_owner(ctx, tx, profile);
        if (!owner) co_return std::unexpected(owner.error());
        entered.is_new = !*owner;
        if (*owner) entered.user = **owner;
    }
    if (entered.is_new) {
        const auto user = co_await legacy::create_user(tx, new_user(profile), ctx.now);
        if (!user) co_return std::unexpected(api::known::contact_channel_used_by_other(profile.email, true));
        entered.user = user->id;
    }
    const bool exists = co_await legacy::lock_user(tx, entered.user);
    if (!exists) co_return refuse(api::known::user_not_found);
    const bool added = co_await legacy::insert_oauth_account(tx, account_of(flow, entered.user, profile), ctx.now);
    if (!added) co_return refuse(api::known::oauth_connected_elsewhere);
    co_await legacy::mirror_user(tx, entered.user, ctx.now);
    co_return entered;
}

awaitable<http::Response> finish(api::LegacyContext& ctx, const Flow& flow, const Answer& answer) {
    if (answer.error || !answer.code)
        co_return fail(flow, answer.error == "access_denied" ? Error{api::known::oauth_denied} : Error{provider_failed});
    const auto client = find_client(ctx, flow.provider);
    if (!client) co_return fail(flow, api::known::oauth_provider_not_found);
    const auto profile = co_await ask_provider(ctx, *client, answer);
    if (!profile) co_return fail(flow, profile.error());

    auto tx = co_await ctx.db().begin();
    const auto entered = co_await enter(ctx, tx, flow, *profile);
    if (!entered) co_return fail(flow, entered.error());
    const Grant grant{.user = entered->user,
                      .redirect_uri = flow.redirect_uri,
                      .code_challenge = flow.code_challenge,
                      .is_new_user = entered->is_new,
                      .after_callback_redirect_url = flow.after_callback_redirect_url};
    const legacy::NewCode order{.purpose = grant_purpose, .user_id = entered->user, .data = to_data(grant), .life = grant_life};
    const auto code = co_await legacy::insert_code(tx, *ctx.keys, order, ctx.now);
    co_await tx.commit();
    co_return go_to(api::with_parameter(api::with_parameter(flow.redirect_uri, "code", code), "state", flow.state));
}
}  // namespace

awaitable<Result<http::Response>> callback(api::LegacyContext& ctx) {
    const auto answer = read_answer(ctx);
    if (!answer) co_return refuse(api::known::outer_oauth_timeout);
    const auto entered = co_await api::enter_project(ctx, http::to_lower(answer->project));
    if (!entered) co_return std::unexpected(entered.error());
    const auto seen = co_await legacy::try_code(ctx.db(), *ctx.keys, flow_purpose, answer->secret, false, ctx.now);
    const auto flow = seen.verdict == legacy::CodeVerdict::right ? from_data<Flow>(seen.data) : std::nullopt;
    // Of another provider's callback, or in another browser: the sign-in itself stays as it is, and can still be finished where it began.
    const bool fits =
        flow && flow->provider == ctx.parameter("provider_id") && (!flow->holds_cookie || has_cookie(ctx.request, cookie_name(answer->secret)));
    if (!fits) co_return refuse(api::known::outer_oauth_timeout);
    const auto taken = co_await legacy::try_code(ctx.db(), *ctx.keys, flow_purpose, answer->secret, true, ctx.now);
    if (taken.verdict != legacy::CodeVerdict::right) co_return refuse(api::known::outer_oauth_timeout);
    auto response = co_await finish(ctx, *flow, *answer);
    if (flow->holds_cookie) response.add("Set-Cookie", cookie_name(answer->secret) + "=; Path=/api/; Max-Age=0; HttpOnly; SameSite=Lax");
    co_return response;
}
}  // namespace argon::stack::oauth
