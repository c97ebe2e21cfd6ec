// GET /callback/{id}: the browser comes back from the provider. Every way this can end is a redirect to the app, or a page that a
// person can read.
#include "api/error_page.hpp"
#include "api/one_time.hpp"
#include "api/redirects.hpp"
#include "api/session_verifier.hpp"
#include "auth/social/enter.hpp"
#include "auth/social/social.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "oauth/form.hpp"

namespace argon::auth::social {
namespace {
constexpr std::size_t longest_parameter = 4096;
constexpr std::size_t longest_error = 64;
constexpr std::size_t longest_description = 300;

struct Answer {
    std::optional<std::string> state;
    std::optional<std::string> code;
    std::optional<std::string> error;
    std::optional<std::string> error_description;
    std::optional<std::string> iss;
};

std::optional<std::string> parameter(const http::QueryParameters& query, std::string_view name) {
    const auto* value = http::find(query, name);
    if (!value || value->empty() || value->size() > longest_parameter || !is_utf8(*value) || value->find('\0') != value->npos) return {};
    return *value;
}

Answer read_answer(const api::Context& ctx) {
    return {parameter(ctx.query, "state"), parameter(ctx.query, "code"), parameter(ctx.query, "error"), parameter(ctx.query, "error_description"),
            parameter(ctx.query, "iss")};
}

/// The provider's word, so that it can do no harm wherever the app puts it.
std::string plain(std::string text, std::size_t limit) {
    std::erase_if(text, [](char c) { return c < 0x20 || c >= 0x7f || c == '<' || c == '>' || c == '"' || c == '&'; });
    return text.substr(0, limit);
}

std::string_view sentence_of(std::string_view code) {
    if (code == "state_not_found") return "The sign-in came back without the mark that it left with.";
    if (code == "state_mismatch") return "This sign-in was begun in another browser, was finished already, or took too long.";
    return "The identity provider and this service could not agree.";
}

/// Nobody knows which app the browser came from.
http::Response fail_here(const api::Context& ctx, std::string_view code, std::string_view description = {}) {
    if (!ctx.settings().advanced.social.direct) return api::error_page(400, code, sentence_of(code));
    auto url = api::with_parameter(api::base_url(ctx) + "/error", "error", code);
    if (!description.empty()) url = api::with_parameter(url, "error_description", description);
    return http::Response::redirect(std::move(url));
}

http::Response fail(const api::Context& ctx, const Flow& flow, const Failure& failure) {
    // In the direct way the callback is a page that expects a session: it is not told of failures.
    const auto fallback = flow.challenge ? std::optional{flow.callbackURL} : std::nullopt;
    const auto target = flow.errorURL ? flow.errorURL : fallback;
    if (!target || !ctx.auth->trusted.trusts_target(*target)) return fail_here(ctx, failure.code, failure.description);
    auto url = api::with_parameter(*target, "error", failure.code);
    if (!failure.description.empty()) url = api::with_parameter(url, "error_description", failure.description);
    return api::send_on(std::move(url));
}

/// Which of several providers answered (RFC 9207): an answer of one must not be taken to another.
std::optional<Failure> check_issuer(const oauth::Provider& provider, const Answer& answer) {
    if (!answer.iss) return provider.requires_iss ? std::optional{Failure{"issuer_missing"}} : std::nullopt;
    const bool is_fixed = !provider.issuer.empty() && provider.issuer.find('{') == std::string::npos;
    if (is_fixed && *answer.iss != provider.issuer && *answer.iss != provider.other_issuer) return Failure{"issuer_mismatch"};
    return {};
}

std::unexpected<Failure> report(const api::Context& ctx, const Flow& flow, std::string code, const oauth::Problem& problem) {
    log::warn("a sign-in at an identity provider failed",
              {{"branch", ctx.branch->branch.value}, {"provider", flow.provider}, {"reason", problem.reason}, {"request", ctx.request_id}});
    return std::unexpected(Failure{std::move(code)});
}

struct Person {
    oauth::Profile profile;
    oauth::Tokens tokens;
};

awaitable<std::expected<Person, Failure>> ask_provider(api::Context& ctx, const Flow& flow, const api::OauthClient& client, const Answer& answer) {
    const oauth::CodeGrant grant{*answer.code, code_verifier(ctx, *answer.state), client.redirect_uri};
    auto tokens = co_await oauth::exchange_code(*client.way, client.provider, client.credentials, grant, ctx.now);
    if (!tokens) co_return report(ctx, flow, "invalid_code", tokens.error());
    const std::optional<std::string> expected_nonce = nonce(ctx, *answer.state);
    auto profile = co_await oauth::fetch_profile(*client.way, *client.keys, client.provider, client.credentials, *tokens, expected_nonce, now());
    if (!profile) co_return report(ctx, flow, "unable_to_get_user_info", profile.error());
    co_return Person{std::move(*profile), std::move(*tokens)};
}

/// On to the app: with a verifier for the browser that began, or with the session itself.
awaitable<Result<http::Response>> send_back(api::Context& ctx, const Flow& flow, const Entered& entered) {
    const auto target = entered.is_new && flow.newUserURL ? *flow.newUserURL : flow.callbackURL;
    if (!ctx.auth->trusted.trusts_target(target)) co_return fail_here(ctx, "untrusted_callback");
    if (flow.challenge) {
        const auto verifier = co_await api::make_verifier(ctx, ctx.db, entered.user.id, *flow.challenge);
        co_return api::send_on(api::with_parameter(target, api::verifier_parameter, verifier));
    }
    const auto session = co_await api::admit(ctx, ctx.db, entered.user);
    if (!session) co_return fail(ctx, flow, banned(flow));
    auto response = api::send_on(target);
    api::set_session_cookies(ctx, response, {*session, api::shown(ctx, entered.user)}, true);
    co_return response;
}

awaitable<Result<http::Response>> finish(api::Context& ctx, const Flow& flow, const Answer& answer) {
    if (answer.error) {
        co_return fail(ctx, flow, {plain(*answer.error, longest_error), plain(answer.error_description.value_or(""), longest_description)});
    }
    if (!answer.code) co_return fail(ctx, flow, {"no_code"});
    const auto client = api::find_oauth_client(ctx, flow.provider);
    if (!client) co_return fail(ctx, flow, {"oauth_provider_not_found"});
    if (const auto problem = check_issuer(client->provider, answer)) co_return fail(ctx, flow, *problem);
    const auto person = co_await ask_provider(ctx, flow, *client, answer);
    if (!person) co_return fail(ctx, flow, person.error());
    if (flow.link) {
        const auto added = co_await add_account(ctx, flow, person->profile, person->tokens);
        if (!added) co_return fail(ctx, flow, added.error());
        if (!ctx.auth->trusted.trusts_target(flow.callbackURL)) co_return fail_here(ctx, "untrusted_callback");
        co_return api::send_on(flow.callbackURL);
    }
    const auto entered = co_await enter(ctx, flow, person->profile, person->tokens);
    if (!entered) co_return fail(ctx, flow, entered.error());
    auto sent = co_await send_back(ctx, flow, *entered);
    co_return sent;
}

constexpr api::QueryParameter callback_query[] = {
    {"state", "string", "What the sign-in left with"},
    {"code", "string", "The provider's answer"},
    {"error", "string", "Or why it has none"},
    {"error_description", "string", "The same for people"},
    {"iss", "string", "Which provider answers (RFC 9207)"},
};
}  // namespace

constexpr api::Description callback_docs = api::describe<void, void>("handleOAuthCallback", "Where identity providers send the browser back to",
                                                                     {.status = 302, .query = callback_query, .redirects = true, .shows_page = true});
awaitable<Result<http::Response>> callback(api::Context& ctx) {
    const auto answer = read_answer(ctx);
    if (!answer.state) co_return fail_here(ctx, "state_not_found");
    const auto flow = co_await find_state(ctx, *answer.state);
    if (!flow) co_return fail_here(ctx, "state_mismatch");
    // Of another provider's callback, or in another browser: the sign-in itself stays as it is, and can still be finished where it began.
    if (flow->provider != ctx.parameter || !holds_state(ctx, *answer.state)) co_return fail(ctx, *flow, {"state_mismatch"});
    const auto taken = co_await take_state(ctx, *answer.state);
    if (!taken) co_return fail(ctx, *flow, {"state_mismatch"});
    auto response = co_await finish(ctx, *flow, answer);
    if (!response) co_return std::unexpected(response.error());
    clear_state(ctx, *response);
    response->set("Cache-Control", "no-store");
    co_return response;
}

constexpr api::Description post_callback_docs = api::describe<void, void>(
    "postOAuthCallback", "The same for providers that post: the browser comes again with GET", {.status = 302, .redirects = true});
/// POST /callback/{id}: providers that post. The browser comes again with a GET, and with its cookies (fact 42).
awaitable<Result<http::Response>> post_callback(api::Context& ctx) {
    oauth::Form query;
    for (const std::string_view name : {"code", "error", "device_id", "error_description", "iss", "state", "user"}) {
        const auto* posted = ctx.parsed_body ? json::find(*ctx.parsed_body, name) : nullptr;
        const auto* in_query = http::find(ctx.query, name);
        if (in_query) {
            query.add(name, *in_query);
        } else if (posted && posted->is_string()) {
            query.add(name, std::string_view{posted->get_string()});
        }
    }
    const auto provider = http::percent_encode(ctx.parameter);
    co_return api::send_on(api::base_url(ctx) + "/callback/" + provider + "?" + query.text());
}
}  // namespace argon::auth::social
