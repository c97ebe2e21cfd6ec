// POST /reset-password: exchange the token of a mailed link for a new password. The link, and every other one of the user, is void then.
#include "api/one_time.hpp"
#include "api/password_rule.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_password/errors.hpp"

namespace argon::auth::email_password {
namespace {

struct ResetBody {
    std::string newPassword;
    std::optional<std::string> token;

    static void fields(auto& f, auto& body) {
        f.required("newPassword", body.newPassword);
        f.optional("token", body.token);
    }
};

struct StatusReply {
    static void fields(auto& f, const auto&) { f.required("status", true); }
};

/// The body's, else the query's.
std::string token_of(const api::Context& ctx, const ResetBody& body) {
    if (body.token && !body.token->empty()) return *body.token;
    const auto* in_query = http::find(ctx.query, "token");
    return in_query ? *in_query : std::string{};
}
}  // namespace

constexpr api::QueryParameter reset_query[] = {{"token", "string", "In the place of the body's"}};
constexpr api::Description reset_password_docs =
    api::describe<ResetBody, StatusReply>("resetPassword", "Set a new password with the token of a mailed link",
                                          {.query = reset_query, .refusals = {errors::invalid_token, api::length_refusals}});
awaitable<Result<http::Response>> reset_password(api::Context& ctx) {
    const auto body = ctx.body<ResetBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto token = token_of(ctx, *body);
    if (token.empty()) co_return refuse(errors::invalid_token);
    if (auto checked = api::check_password_length(ctx, body->newPassword); !checked) co_return std::unexpected(checked.error());

    // Looked at before the hash is paid for, taken after: no connection is held meanwhile, and only one of many takes it.
    const auto identifier = "reset-password:" + api::hash_token(ctx, token);
    const auto promising = co_await identity::find_verification(ctx.db, identifier, ctx.now);
    if (!promising) co_return refuse(errors::invalid_token);
    const auto owner = co_await identity::find_user(ctx.db, UserId{*promising});
    if (auto strong = api::check_password_strength(ctx, body->newPassword, owner ? owner->email : ""); !strong)
        co_return std::unexpected(strong.error());
    const auto password_hash = co_await ctx.passwords().hash(ctx.io(), body->newPassword);
    if (!password_hash) co_return std::unexpected(password_hash.error());
    auto tx = co_await ctx.pool->begin();
    const auto user = co_await identity::take_verification(tx, identifier, ctx.now);
    if (!user) co_return refuse(errors::invalid_token);
    co_await api::store_reset_password(ctx, tx, UserId{*user}, *password_hash);
    co_await tx.commit();
    co_return http::Response::json(200, StatusReply{});
}
}  // namespace argon::auth::email_password
