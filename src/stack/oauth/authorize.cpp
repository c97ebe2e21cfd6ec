// GET /auth/oauth/authorize/{provider_id}: the app's browser goes to the provider. Newer SDKs ask where to go and move the browser
// themselves; older ones are redirected.
#include "oauth/authorize.hpp"

#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "stack/oauth/oauth.hpp"

namespace argon::stack::oauth {
namespace {
struct Query {
    std::string client_id;
    std::string client_secret;
    std::string redirect_uri;
    std::string state;
    std::string code_challenge;
    std::string code_challenge_method = "S256";
    std::string response_type = "code";
    std::string grant_type = "authorization_code";
    std::string scope = "legacy";
    std::string type = "authenticate";
    std::optional<std::string> token, provider_scope, error_redirect_url, after_callback_redirect_url;
    std::optional<std::string> stack_response_mode, hexclave_response_mode;

    static void fields(auto& f, auto& query) {
        constexpr json::max_length url{2048};
        f.required("client_id", query.client_id, json::max_length{200});
        f.required("client_secret", query.client_secret, json::max_length{200});
        f.required("redirect_uri", query.redirect_uri, url);
        f.required("state", query.state, json::max_length{1024});
        f.required("code_challenge", query.code_challenge, json::min_length{43}, json::max_length{128});
        f.optional("code_challenge_method", query.code_challenge_method, json::one_of{{"S256"}});
        f.optional("response_type", query.response_type, json::one_of{{"code"}});
        f.optional("grant_type", query.grant_type, json::one_of{{"authorization_code"}});
        f.optional("scope", query.scope, json::one_of{{"legacy"}});
        f.optional("type", query.type, json::one_of{{"authenticate", "link"}});
        f.optional("token", query.token, json::max_length{16 * 1024});
        f.optional("provider_scope", query.provider_scope, json::max_length{1024});
        f.optional("error_redirect_url", query.error_redirect_url, url);
        f.optional("after_callback_redirect_url", query.after_callback_redirect_url, url);
        f.optional("stack_response_mode", query.stack_response_mode, json::one_of{{"json", "redirect"}});
        f.optional("hexclave_response_mode", query.hexclave_response_mode, json::one_of{{"json", "redirect"}});
    }
    bool wants_json() const { return stack_response_mode == "json" || hexclave_response_mode == "json"; }
};

struct LocationReply {
    const std::string& location;

    static void fields(auto& f, const auto& reply) { f.required("location", reply.location); }
};

/// Unknown parameters are allowed here, as nowhere else.
Result<Query> read_query(const api::LegacyContext& ctx) {
    const auto value = ctx.parsed_query();
    if (!value) return std::unexpected(value.error());
    Query query;
    auto issues = json::decode(&*value, "query", query);
    if (!issues.empty()) return std::unexpected(api::known::schema_error(std::move(issues)));
    return query;
}

Result<> check_targets(const api::LegacyContext& ctx, const Query& query) {
    for (const auto& url : {std::optional{query.redirect_uri}, query.error_redirect_url, query.after_callback_redirect_url}) {
        if (!url) continue;
        const auto trusted = api::check_callback(ctx, *url);
        if (!trusted) return trusted;
    }
    return {};
}

/// Whoever adds an account to their own says who they are in the query: a browser that navigates sends no headers.
awaitable<Result<std::optional<UserId>>> read_link(api::LegacyContext& ctx, const Query& query) {
    if (query.type != "link") co_return std::nullopt;
    if (!query.token) co_return std::unexpected(api::known::schema_error("[query.token] Invalid input: expected string, received undefined"));
    const auto token = legacy::read_access_token(ctx.services.master_key, *query.token, ctx.now);
    if (!token || token->project_uuid != ctx.project_id()) co_return refuse(api::known::unparsable_access_token);
    ctx.token = *token;
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    co_return user->id;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}
}  // namespace

awaitable<Result<http::Response>> authorize(api::LegacyContext& ctx) {
    const auto query = read_query(ctx);
    if (!query) co_return std::unexpected(query.error());
    const auto entered = co_await enter_as_client(ctx, query->client_id, query->client_secret);
    if (!entered) co_return std::unexpected(entered.error());
    const auto client = find_client(ctx, ctx.parameter("provider_id"));
    if (!client) co_return refuse(api::known::oauth_provider_not_found);
    const auto trusted = check_targets(ctx, *query);
    if (!trusted) co_return std::unexpected(trusted.error());
    const bool wants_more = query->provider_scope && !query->provider_scope->empty();
    if (client->is_shared && wants_more) co_return refuse(api::known::oauth_extra_scope_shared);
    const auto link = co_await read_link(ctx, *query);
    if (!link) co_return std::unexpected(link.error());

    const Flow flow{.provider = ctx.parameter("provider_id"),
                    .redirect_uri = query->redirect_uri,
                    .state = query->state,
                    .code_challenge = query->code_challenge,
                    .error_redirect_url = query->error_redirect_url,
                    .after_callback_redirect_url = query->after_callback_redirect_url,
                    .link = *link,
                    .holds_cookie = !query->wants_json()};
    const legacy::NewCode order{.purpose = flow_purpose, .user_id = {}, .data = to_data(flow), .life = flow_life};
    const auto secret = co_await legacy::insert_code(ctx.db(), *ctx.keys, order, ctx.now);
    // The provider hands it back as it is: it names the project, for the callback has no other way to know.
    const auto state = ctx.project_id() + "." + secret;
    argon::oauth::AuthorizationRequest request{.redirect_uri = client->redirect_uri,
                                               .state = state,
                                               .code_verifier = code_verifier(ctx, secret),
                                               .nonce = nonce(ctx, secret),
                                               .scopes = wants_more ? split(*query->provider_scope) : std::vector<std::string>{},
                                               .login_hint = {}};
    const auto location = argon::oauth::authorization_url(client->provider, client->credentials, request);
    if (query->wants_json()) co_return http::Response::json(200, LocationReply{location});
    auto response = http::Response::redirect(location);
    response.status = 307;
    const bool is_secure = ctx.services.addresses.public_url.starts_with("https://");
    response.add("Set-Cookie", cookie_name(secret) + "=true; Path=/api/; Max-Age=600; HttpOnly; SameSite=Lax" + (is_secure ? "; Secure" : ""));
    co_return response;
}
}  // namespace argon::stack::oauth
