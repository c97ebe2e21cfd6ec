// POST /change-password: exchange the current password for a new one and, if asked to, every session for a single new one.
#include "api/brakes.hpp"
#include "api/password_rule.hpp"
#include "api/session.hpp"
#include "auth/user/user.hpp"
#include "identity/accounts.hpp"
#include "identity/verifications.hpp"

namespace argon::auth::user {
namespace {

struct ChangeBody {
    std::string newPassword;
    std::string currentPassword;
    bool revokeOtherSessions = false;

    static void fields(auto& f, auto& body) {
        f.required("newPassword", body.newPassword);
        f.required("currentPassword", body.currentPassword);
        f.optional("revokeOtherSessions", body.revokeOtherSessions);
    }
};

struct ChangeReply {
    std::optional<std::string> token;
    identity::User user;

    static void fields(auto& f, const auto& reply) {
        f.required("token", reply.token);
        f.required("user", reply.user);
    }
};

/// The new session, where the old ones were to end.
awaitable<std::optional<identity::Session>> store(api::Context& ctx, const UserId& user, const std::string& password_hash, bool revoke) {
    auto tx = co_await ctx.pool->begin();
    co_await identity::set_password(tx, user, password_hash, ctx.now);
    co_await identity::delete_reset_links(tx, user);
    std::optional<identity::Session> session;
    if (revoke) {
        co_await identity::delete_sessions_of(tx, user);
        session = co_await api::open_session(ctx, tx, user, api::is_remembered(ctx));
    }
    co_await tx.commit();
    co_return session;
}
}  // namespace

constexpr api::Description change_password_docs = api::describe<ChangeBody, ChangeReply>(
    "changePassword", "Exchange the password for a new one",
    {.needs = api::Needs::session, .refusals = {api::length_refusals, api::errors::credential_not_found, password_refusals}});
awaitable<Result<http::Response>> change_password(api::Context& ctx) {
    const auto body = ctx.body<ChangeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& user = session->current.user;
    if (auto checked = api::check_password_length(ctx, body->newPassword); !checked) co_return std::unexpected(checked.error());
    if (auto strong = api::check_password_strength(ctx, body->newPassword, user.email); !strong) co_return std::unexpected(strong.error());
    const auto stored = co_await identity::find_password(ctx.db, user.id);
    if (!stored) co_return refuse(api::errors::credential_not_found);
    auto limited = co_await api::brake_account(ctx, user.email);
    if (limited) co_return std::move(*limited);

    const auto known = co_await require_password(ctx, user, body->currentPassword);
    if (!known) co_return std::unexpected(known.error());
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->newPassword);
    if (!password_hash) co_return std::unexpected(password_hash.error());
    const auto renewed = co_await store(ctx, user.id, *password_hash, body->revokeOtherSessions);
    if (!renewed) {
        auto response = http::Response::json(200, ChangeReply{{}, user});
        api::keep_session_cookies(ctx, response, *session);
        co_return response;
    }
    auto response = http::Response::json(200, ChangeReply{renewed->token, user});
    api::set_session_cookies(ctx, response, {*renewed, user}, api::is_remembered(ctx));
    co_return response;
}
}  // namespace argon::auth::user
