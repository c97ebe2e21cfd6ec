#include "auth/social/flow.hpp"

#include "api/cookies.hpp"
#include "api/oauth_gateway.hpp"
#include "api/one_time.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace argon::auth::social {
namespace {
constexpr std::chrono::minutes init_life{10};
constexpr std::chrono::minutes state_life{10};
constexpr std::chrono::seconds cookie_life{300};
constexpr std::size_t state_length = 32;
constexpr std::size_t longest_state = 128;
constexpr std::string_view state_cookie = "state";

std::string init_identifier(const api::Context& ctx, std::string_view token) {
    return "social-init:" + api::hash_token(ctx, "init|" + std::string{token});
}
std::string state_identifier(const api::Context& ctx, std::string_view state) {
    return "oauth-state:" + api::hash_token(ctx, "state|" + std::string{state});
}

std::optional<Flow> read(const std::optional<std::string>& row) {
    const auto value = row ? json::parse(*row) : std::nullopt;
    Flow flow;
    if (!value || !json::decode(&*value, "flow", flow).empty()) return {};
    return flow;
}
}  // namespace

awaitable<std::string> make_init_url(api::Context& ctx, const Flow& flow) {
    const auto token = crypto::random_uuid();
    co_await identity::insert_verification(ctx.db, {init_identifier(ctx, token), json::encode(flow), ctx.now + init_life}, ctx.now);
    co_return api::base_url(ctx) + "/sign-in/social/init?token=" + token;
}

awaitable<std::optional<Flow>> find_init(api::Context& ctx, std::string_view token) {
    if (!is_uuid(token)) co_return std::nullopt;
    const auto row = co_await identity::find_verification(ctx.db, init_identifier(ctx, token), ctx.now);
    co_return read(row);
}

awaitable<std::string> begin(api::Context& ctx, const Flow& flow, const api::OauthClient& client, http::Response& response) {
    const auto state = crypto::random_text(state_length, crypto::alphanumeric);
    co_await identity::insert_verification(ctx.db, {state_identifier(ctx, state), json::encode(flow), ctx.now + state_life}, ctx.now);
    // In the direct way the cookie lives as long as Better Auth's; else as long as its row.
    const auto life = flow.challenge ? std::chrono::seconds{state_life} : cookie_life;
    api::set_signed_cookie(ctx, response, state_cookie, state, life);
    oauth::AuthorizationRequest request{.redirect_uri = client.redirect_uri,
                                        .state = client.is_shared ? api::make_gateway_state(ctx, flow.provider, state) : state,
                                        .code_verifier = code_verifier(ctx, state),
                                        .nonce = nonce(ctx, state),
                                        .scopes = flow.scopes,
                                        .login_hint = flow.loginHint};
    // An app asks for more with its own client only: the operator's stands for all of them.
    if (client.is_shared) request.scopes.clear();
    co_return oauth::authorization_url(client.provider, client.credentials, request);
}

awaitable<std::optional<Flow>> find_state(api::Context& ctx, std::string_view state) {
    if (state.size() > longest_state) co_return std::nullopt;
    const auto row = co_await identity::find_verification(ctx.db, state_identifier(ctx, state), ctx.now);
    co_return read(row);
}

bool holds_state(const api::Context& ctx, std::string_view state) {
    const auto held = api::find_signed_cookie(ctx, state_cookie);
    return held && crypto::equal(*held, state);
}

awaitable<bool> take_state(api::Context& ctx, std::string_view state) {
    const auto row = co_await identity::take_verification(ctx.db, state_identifier(ctx, state), ctx.now);
    co_return row.has_value();
}

void clear_state(const api::Context& ctx, http::Response& response) { api::clear_cookie(ctx, response, state_cookie); }

std::string code_verifier(const api::Context& ctx, std::string_view state) {
    return crypto::base64url_encode(ctx.auth->one_time_key.sign("pkce|" + std::string{state}));
}

std::string nonce(const api::Context& ctx, std::string_view state) {
    return crypto::base64url_encode(ctx.auth->one_time_key.sign("nonce|" + std::string{state}));
}
}  // namespace argon::auth::social
