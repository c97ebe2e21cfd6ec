// POST /delete-user: the user goes, with everything that is theirs. Asks for the password, a fresh session, or a link by mail.
// GET and POST /delete-user/callback: that link; it needs the user's own session as well.
#include "api/brakes.hpp"
#include "api/confirm_page.hpp"
#include "api/guards.hpp"
#include "api/one_time.hpp"
#include "api/password_rule.hpp"
#include "api/redirects.hpp"
#include "api/session.hpp"
#include "auth/user/user.hpp"
#include "crypto/random.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::user {
namespace {
constexpr ErrorSpec not_here{404, "", ""};
constexpr ErrorSpec callback_not_here{404, "NOT_FOUND", "Not found"};
constexpr ErrorSpec session_expired{400, "SESSION_EXPIRED", "Session expired. Re-authenticate to perform this action."};
constexpr ErrorSpec no_user_info{404, "FAILED_TO_GET_USER_INFO", "Failed to get user info"};
constexpr ErrorSpec invalid_token{404, "INVALID_TOKEN", "Invalid token"};
constexpr std::size_t token_length = 32;

struct DeleteBody {
    std::optional<std::string> callbackURL;
    std::optional<std::string> password;
    std::optional<std::string> token;

    static void fields(auto& f, auto& body) {
        f.optional("callbackURL", body.callbackURL);
        f.optional("password", body.password);
        f.optional("token", body.token);
    }
};

struct Link {
    std::string token;
    std::optional<std::string> callbackURL;

    static void fields(auto& f, auto& link) {
        f.required("token", link.token);
        f.optional("callbackURL", link.callbackURL);
    }
};

struct DeleteReply {
    std::string_view message;

    static void fields(auto& f, const auto& reply) {
        f.required("success", true);
        f.required("message", reply.message);
    }
};

std::string identifier_of(const api::Context& ctx, std::string_view token) { return "delete-account-" + api::hash_token(ctx, token); }

awaitable<http::Response> remove(api::Context& ctx, const identity::User& user) {
    co_await identity::delete_user(ctx.db, user);
    auto response = http::Response::json(200, DeleteReply{"User deleted"});
    api::clear_session_cookies(ctx, response);
    co_return response;
}

/// A link opened by somebody else is burnt (auth-wire-facts.md, fact 37).
awaitable<Result<>> take_token(api::Context& ctx, const identity::User& user, const std::string& token) {
    const auto owner = co_await identity::take_verification(ctx.db, identifier_of(ctx, token), ctx.now);
    if (owner != user.id.value) co_return refuse(invalid_token);
    co_return Result<>{};
}

awaitable<Result<>> send_delete_link(api::Context& ctx, const identity::User& user, const std::string& callback) {
    const std::chrono::seconds life{ctx.settings().advanced.user.deleteUser.tokenExpiresIn};
    auto token = crypto::random_text(token_length, crypto::lower_alphanumeric);
    identity::NewVerification row{identifier_of(ctx, token), user.id.value, ctx.now + life};
    auto url = api::make_link(ctx, "/delete-user/callback", token, callback);
    auto sent =
        co_await api::send_link(ctx, std::move(row), {api::LinkPurpose::delete_account, user.email, std::move(url), std::move(token), life, user});
    co_return sent;
}

bool is_fresh(const api::Context& ctx, const identity::Session& session) {
    const std::chrono::seconds fresh_age{ctx.settings().advanced.session.freshAge};
    return fresh_age == fresh_age.zero() || ctx.now - session.created_at < fresh_age;
}

awaitable<Result<http::Response>> use_link(api::Context& ctx, Link link) {
    if (!ctx.settings().advanced.user.deleteUser.enabled) co_return refuse(callback_not_here);
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    if (!lookup.active) co_return refuse(no_user_info);
    const auto& user = lookup.active->current.user;
    const auto taken = co_await take_token(ctx, user, link.token);
    if (!taken) co_return std::unexpected(taken.error());
    auto response = co_await remove(ctx, user);
    if (!link.callbackURL || link.callbackURL->empty()) co_return response;
    auto onward = api::send_on(*link.callbackURL);
    api::clear_session_cookies(ctx, onward);
    co_return onward;
}
}  // namespace

constexpr api::Description delete_user_docs = api::describe<DeleteBody, DeleteReply>(
    "deleteUser", "Delete the user, or mail the link that does",
    {.needs = api::Needs::session,
     .refusals = {not_here, api::errors::credential_not_found, password_refusals, invalid_token, session_expired, api::delivery_refusals}});
constexpr api::Description open_delete_link_docs = api::describe<void, DeleteReply, Link>(
    "deleteUserCallback", "Delete the signed-in user with a mailed link",
    {.refusals = {api::link_target_refusals, callback_not_here, no_user_info, invalid_token}, .redirects = true, .shows_page = true});
awaitable<Result<http::Response>> delete_user(api::Context& ctx) {
    const auto body = ctx.body<DeleteBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& rules = ctx.settings().advanced.user.deleteUser;
    if (!rules.enabled) co_return refuse(not_here);
    const auto& user = session->current.user;
    const bool has_password = body->password && !body->password->empty();
    if (has_password) {
        const auto stored = co_await identity::find_password(ctx.db, user.id);
        if (!stored) co_return refuse(api::errors::credential_not_found);
        auto limited = co_await api::brake_account(ctx, user.email);
        if (limited) co_return std::move(*limited);
        const auto known = co_await require_password(ctx, user, *body->password);
        if (!known) co_return std::unexpected(known.error());
    }
    const bool has_token = body->token && !body->token->empty();
    if (has_token) {
        const auto taken = co_await take_token(ctx, user, *body->token);
        if (!taken) co_return std::unexpected(taken.error());
    } else if (rules.sendVerification) {
        auto limited = co_await api::brake_mail(ctx, user.email);
        if (limited) co_return std::move(*limited);
        const auto sent = co_await send_delete_link(ctx, user, body->callbackURL.value_or("/"));
        if (!sent) co_return std::unexpected(sent.error());
        co_return http::Response::json(200, DeleteReply{"Verification email sent"});
    } else if (!has_password && !is_fresh(ctx, session->current.session)) {
        co_return refuse(session_expired);
    }
    auto response = co_await remove(ctx, user);
    // As the link's own answer has it, a deletion by token leaves the dead cookies to the next get-session.
    if (has_token) co_return http::Response::json(200, DeleteReply{"User deleted"});
    co_return response;
}

awaitable<Result<http::Response>> open_delete_link(api::Context& ctx) {
    auto link = ctx.parameters<Link>();
    if (!link) co_return std::unexpected(link.error());
    if (auto checked = api::check_link_targets(ctx); !checked) co_return std::unexpected(checked.error());
    if (api::wants_confirmation(ctx)) co_return api::confirm_page(ctx, "This deletes your account and everything in it.", "Delete my account");
    auto used = co_await use_link(ctx, std::move(*link));
    co_return used;
}

awaitable<Result<http::Response>> post_delete_link(api::Context& ctx) {
    auto link = ctx.body<Link>();
    if (!link) co_return std::unexpected(link.error());
    auto used = co_await use_link(ctx, std::move(*link));
    co_return used;
}
}  // namespace argon::auth::user
