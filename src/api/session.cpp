#include "api/session.hpp"

#include <unordered_map>

#include <fmt/format.h>

#include "api/cookies.hpp"
#include "api/session_cache.hpp"
#include "crypto/signed_cookie.hpp"

namespace argon::api {
namespace {
constexpr std::chrono::seconds unremembered_life{86'400};
constexpr std::chrono::seconds impersonation_life{3600};

/// The token inside `Authorization: Bearer`: bare, signed, or signed and percent-encoded (fact 20).
std::optional<std::string> bearer_token(const Context& ctx) {
    const auto header = ctx.request.fields.get("Authorization");
    if (header.size() < 8 || !http::equal_ignoring_case(header.substr(0, 7), "Bearer ")) return {};
    const auto value = http::trim(header.substr(7));
    if (value.empty() || value.size() > 512) return {};
    if (value.find('.') == std::string_view::npos) return std::string{value};
    return crypto::open_signed(ctx.auth->cookie_key, http::percent_decode(value).value_or(std::string{value}));
}

std::optional<std::string> request_token(const Context& ctx) {
    if (auto token = bearer_token(ctx)) return token;
    return find_signed_cookie(ctx, "session_token");
}

bool is_due_for_renewal(const Context& ctx, const identity::Session& session) {
    const auto& rule = ctx.settings().advanced.session;
    return session.expires_at - std::chrono::seconds{rule.expiresIn} + std::chrono::seconds{rule.updateAge} <= ctx.now;
}

identity::NewSession new_session(const Context& ctx, const UserId& user, std::chrono::seconds life) {
    constexpr std::size_t longest_agent = 512;
    identity::NewSession session{user, life, ctx.client_address, std::string{ctx.request.fields.get("User-Agent").substr(0, longest_agent)}};
    std::erase_if(session.user_agent, [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f; });
    return session;
}

struct OrganizationClaim {
    const std::optional<std::string>& id;
    const identity::ActiveOrganization& organization;

    static void fields(auto& f, const auto& claim) {
        f.required("id", claim.id);
        f.required("slug", claim.organization.slug);
        f.required("role", claim.organization.role);
    }
};

struct UserClaims {
    const identity::User& user;
    std::optional<OrganizationClaim> organization;
    std::int64_t issued_at;
    std::int64_t expires_at;
    const std::string& origin;

    static void fields(auto& f, const auto& claims) {
        identity::User::fields(f, claims.user);
        f.optional("o", claims.organization);
        f.required("sub", claims.user.id);
        f.required("iat", claims.issued_at);
        f.required("exp", claims.expires_at);
        f.required("iss", claims.origin);
        f.required("aud", claims.origin);
    }
};

struct AnonymousClaims {
    std::int64_t issued_at;
    std::int64_t expires_at;
    const std::string& origin;

    static void fields(auto& f, const auto& claims) {
        f.required("role", "anonymous");
        f.required("iat", claims.issued_at);
        f.required("exp", claims.expires_at);
        f.required("iss", claims.origin);
        f.required("aud", claims.origin);
    }
};

/// Ed25519 is deterministic: the same claims of the same second have the same signature, so it is made once (13 µs each).
std::string sign(const identity::SigningKeys& keys, const std::string& payload, std::int64_t second) {
    thread_local std::unordered_map<std::string, std::string> signed_tokens;
    thread_local std::int64_t signed_second = 0;
    constexpr std::size_t max_tokens = 4096;
    if (signed_second != second || signed_tokens.size() >= max_tokens) signed_tokens.clear();
    signed_second = second;
    auto& token = signed_tokens[payload + keys.kid + keys.document];
    if (token.empty()) token = keys.signer.sign(payload);
    return token;
}
}  // namespace

bool is_banned(const Context& ctx, const identity::User& user) {
    return user.banned.value_or(false) && (!user.ban_expires || *user.ban_expires > ctx.now);
}

awaitable<SessionLookup> find_session(Context& ctx, LookupOptions options) {
    const auto token = request_token(ctx);
    if (!token) co_return SessionLookup{};
    if (options.cache) {
        if (auto cached = find_session_cache(ctx)) co_return SessionLookup{.active = ActiveSession{std::move(*cached)}, .from_cache = true};
    }
    auto found = co_await identity::find_session(ctx.db, *token);
    if (!found) co_return SessionLookup{.is_stale = true};
    found->user.shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    if (found->session.expires_at <= ctx.now || is_banned(ctx, found->user)) {
        co_await identity::delete_session(ctx.db, *token);
        co_return SessionLookup{.is_stale = true};
    }
    const auto& by = found->session.impersonated_by;
    ctx.actor = by ? fmt::format("user {} as {}", *by, found->user.id.value) : "user " + found->user.id.value;
    ActiveSession active{std::move(*found)};
    if (options.refresh && is_remembered(ctx) && is_due_for_renewal(ctx, active.current.session)) {
        const auto expires_at = ctx.now + std::chrono::seconds{ctx.settings().advanced.session.expiresIn};
        const auto extended = co_await identity::extend_session(ctx.db, active.current.session.id, expires_at, ctx.now);
        if (!extended) co_return SessionLookup{.is_stale = true};
        active.current.session = *extended;
        active.renewed = true;
    }
    co_return SessionLookup{.active = std::move(active)};
}

awaitable<Result<ActiveSession>> require_session(Context& ctx) {
    auto lookup = co_await find_session(ctx, {.cache = false});
    if (!lookup.active) co_return refuse(errors::unauthorized);
    co_return std::move(*lookup.active);
}

awaitable<Result<ActiveSession>> require_fresh_session(Context& ctx) {
    auto session = co_await require_session(ctx);
    if (!session) co_return session;
    const std::chrono::seconds fresh_age{ctx.settings().advanced.session.freshAge};
    const bool is_fresh = fresh_age == fresh_age.zero() || ctx.now - session->current.session.created_at < fresh_age;
    if (!is_fresh) co_return refuse(errors::session_not_fresh);
    co_return session;
}

void expose(http::Response& response, std::string_view name, std::string value) {
    response.set(name, std::move(value));
    const auto* exposed = response.find("Access-Control-Expose-Headers");
    response.set("Access-Control-Expose-Headers", exposed ? *exposed + ", " + std::string{name} : std::string{name});
}

bool is_remembered(const Context& ctx) { return find_signed_cookie(ctx, "dont_remember") != "true"; }

void set_session_cookies(const Context& ctx, http::Response& response, const identity::SessionAndUser& session, bool remember) {
    const auto life = remember ? std::optional{std::chrono::seconds{ctx.settings().advanced.session.expiresIn}} : std::nullopt;
    set_signed_cookie(ctx, response, "session_token", session.session.token, life);
    if (!remember) set_signed_cookie(ctx, response, "dont_remember", "true", {});
    set_session_cache(ctx, response, session, remember);
    expose(response, "set-auth-token", crypto::sign_cookie(ctx.auth->cookie_key, session.session.token));
}

void keep_session_cookies(const Context& ctx, http::Response& response, const ActiveSession& session) {
    if (session.renewed) set_session_cookies(ctx, response, session.current, true);
}

void clear_session_cookies(const Context& ctx, http::Response& response) {
    for (const auto name : {"session_token", "session_data", "dont_remember"}) clear_cookie(ctx, response, name);
}

std::string make_jwt(const Context& ctx, const identity::SessionAndUser& session) {
    const auto issued_at = to_unix_seconds(ctx.now);
    auto user = session.user;
    user.role = "authenticated";  // the database's role for the Data API, never the admin role (fact 22)
    std::optional<OrganizationClaim> organization;
    if (session.organization && ctx.settings().plugins.organization.enabled) {
        organization.emplace(OrganizationClaim{session.session.active_organization_id, *session.organization});
    }
    const UserClaims claims{user, organization, issued_at, issued_at + ctx.settings().advanced.jwt.expiresIn, ctx.origin()};
    return sign(ctx.auth->keys, json::encode(claims), issued_at);
}

std::string make_anonymous_jwt(const Context& ctx, std::int64_t expires_at) {
    const auto issued_at = to_unix_seconds(ctx.now);
    return sign(ctx.auth->keys, json::encode(AnonymousClaims{issued_at, expires_at, ctx.origin()}), issued_at);
}

std::chrono::seconds session_life(const Context& ctx, bool remember) {
    return remember ? std::chrono::seconds{ctx.settings().advanced.session.expiresIn} : unremembered_life;
}

awaitable<identity::Session> open_session(Context& ctx, pg::Executor& db, const UserId& user, bool remember) {
    const auto session = new_session(ctx, user, session_life(ctx, remember));
    auto opened = co_await identity::open_session(db, session, ctx.now);
    co_return opened;
}

awaitable<Result<identity::Session>> impersonate(Context& ctx, pg::Executor& db, const identity::User& user, const UserId& by) {
    if (is_banned(ctx, user)) co_return refuse(errors::banned_user);
    auto session = new_session(ctx, user.id, impersonation_life);
    session.impersonated_by = by;
    auto opened = co_await identity::open_session(db, session, ctx.now);
    co_return opened;
}

awaitable<Result<identity::Session>> admit(Context& ctx, pg::Executor& db, const identity::User& user, bool remember) {
    if (is_banned(ctx, user)) co_return refuse(errors::banned_user);
    if (user.banned.value_or(false)) co_await identity::lift_ban(db, user.id);
    auto session = co_await open_session(ctx, db, user.id, remember);
    co_return session;
}

identity::User shown(const Context& ctx, identity::User user) {
    user.shows_phone = ctx.settings().plugins.phoneNumber.enabled;
    return user;
}
}  // namespace argon::api
