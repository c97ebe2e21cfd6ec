// POST /sign-in/social: where to send the browser. Nobody signs in with an id_token that some app got.
#include <algorithm>

#include "api/guards.hpp"
#include "api/session_verifier.hpp"
#include "auth/social/errors.hpp"
#include "auth/social/social.hpp"
#include "auth/social/start.hpp"

namespace argon::auth::social {
namespace {
constexpr std::size_t most_scopes = 50;
constexpr std::size_t longest_scope = 256;

/// RFC 6749, 3.3: printable, no blank, quote or backslash.
bool is_scope(std::string_view text) {
    return !text.empty() && text.size() <= longest_scope &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

bool is_relative(const std::string& url) { return url.empty() || url.starts_with('/'); }

std::string_view origin_field(const api::Context& ctx) { return ctx.request.fields.get("Origin"); }

/// Apps name pages of theirs; after a trip to the provider only absolute URLs still mean them.
Result<> make_absolute(const api::Context& ctx, Flow& flow) {
    const auto origin = origin_field(ctx);
    if (is_relative(flow.callbackURL) && origin.empty()) return refuse(errors::missing_origin);
    const bool uses_origin =
        is_relative(flow.callbackURL) || (flow.errorURL && is_relative(*flow.errorURL)) || (flow.newUserURL && is_relative(*flow.newUserURL));
    if (!uses_origin) return {};
    const auto parsed = http::parse_url(flow.callbackURL);
    if (origin.empty() && !parsed) return refuse(errors::missing_origin);
    if (!origin.empty() && !ctx.auth->trusted.trusts_origin(origin)) return refuse(api::errors::invalid_origin);
    const auto base = origin.empty() ? parsed->origin() : std::string{origin};
    const auto resolve = [&](std::string& url) {
        if (is_relative(url)) url = base + (url.empty() ? "/" : url);
    };
    resolve(flow.callbackURL);
    if (flow.errorURL) resolve(*flow.errorURL);
    if (flow.newUserURL) resolve(*flow.newUserURL);
    return {};
}

/// An empty target is none.
std::optional<std::string> given(std::optional<std::string> url) { return url && url->empty() ? std::nullopt : std::move(url); }

Flow make_flow(StartBody body, std::string provider, std::optional<Link> link) {
    return {.provider = std::move(provider),
            .callbackURL = body.callbackURL.value_or(""),
            .errorURL = given(std::move(body.errorCallbackURL)),
            .newUserURL = given(std::move(body.newUserCallbackURL)),
            .link = std::move(link),
            .challenge = {},
            .scopes = std::move(body.scopes),
            .loginHint = given(std::move(body.loginHint))};
}
}  // namespace

Result<StartBody> read_start(const api::Context& ctx) {
    auto body = ctx.body<StartBody>();
    if (!body) return body;
    if (!body->provider || !body->provider->is_string()) return refuse_with(api::errors::validation, "[body.provider] Invalid input");
    const bool scopes_fit = body->scopes.size() <= most_scopes && std::ranges::all_of(body->scopes, is_scope);
    if (!scopes_fit) return refuse_with(api::errors::validation, "[body.scopes] Invalid input: expected at most 50 scopes of printable characters");
    return body;
}

awaitable<Result<http::Response>> start(api::Context& ctx, StartBody body, std::optional<Link> link) {
    const auto client = api::find_oauth_client(ctx, body.provider->get_string());
    if (!client) co_return refuse(errors::provider_not_found);
    if (body.idToken && takes_given_tokens(*client)) {
        auto entered = co_await start_with_token(ctx, body, *client, std::move(link));
        co_return entered;
    }
    // Where it is no use, hosted Neon passes it over and sends the browser off; where the answers are Better Auth's own, it is refused as there.
    if (body.idToken && ctx.settings().advanced.social.direct) co_return refuse(errors::id_token_not_supported);
    const bool redirects = !body.disableRedirect;
    auto flow = make_flow(std::move(body), client->provider.id, std::move(link));

    auto response = http::Response{};
    std::string url;
    if (ctx.settings().advanced.social.direct) {
        if (flow.callbackURL.empty()) flow.callbackURL = ctx.origin();
        url = co_await begin(ctx, flow, *client, response);
    } else {
        if (auto checked = make_absolute(ctx, flow); !checked) co_return std::unexpected(checked.error());
        flow.challenge = api::set_challenge(ctx, response);
        url = co_await make_init_url(ctx, flow);
    }
    if (redirects) response.set("Location", url);
    auto answer = http::Response::json(200, StartReply{.url = std::move(url), .redirect = redirects, .token = {}, .user = {}, .status = {}});
    std::ranges::move(response.fields, std::back_inserter(answer.fields));
    co_return answer;
}

constexpr api::Description sign_in_docs = api::describe<StartBody, StartReply>(
    "socialSignIn", "Begin a sign-in with an identity provider", {.refusals = {start_refusals, errors::not_entered, api::admit_refusals}});
awaitable<Result<http::Response>> sign_in(api::Context& ctx) {
    auto body = read_start(ctx);
    if (!body) co_return std::unexpected(body.error());
    auto started = co_await start(ctx, std::move(*body), {});
    co_return started;
}
}  // namespace argon::auth::social
