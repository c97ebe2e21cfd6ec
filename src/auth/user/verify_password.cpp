// POST /verify-password: does the signed-in user know the password?
#include "api/brakes.hpp"
#include "api/password_rule.hpp"
#include "api/session.hpp"
#include "auth/user/user.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::user {
namespace {

struct VerifyBody {
    std::string password;

    static void fields(auto& f, auto& body) { f.required("password", body.password); }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};
}  // namespace

awaitable<Result<>> require_password(api::Context& ctx, const identity::User& user, std::string password) {
    const auto stored = co_await identity::find_password(ctx.db, user.id);
    const auto matches = co_await ctx.passwords().verify_or_burn(ctx.io(), stored, std::move(password));
    if (!matches) co_return std::unexpected(matches.error());
    if (!*matches) co_return refuse(api::errors::invalid_password);
    co_await api::forgive_account(ctx, user.email);
    co_return Result<>{};
}

constexpr api::Description verify_password_docs = api::describe<VerifyBody, StatusReply>(
    "verifyPassword", "Check the user's password", {.needs = api::Needs::session, .refusals = password_refusals});
awaitable<Result<http::Response>> verify_password(api::Context& ctx) {
    const auto body = ctx.body<VerifyBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& user = session->current.user;
    auto limited = co_await api::brake_account(ctx, user.email);
    if (limited) co_return std::move(*limited);
    const auto known = co_await require_password(ctx, user, body->password);
    if (!known) co_return std::unexpected(known.error());
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::user
