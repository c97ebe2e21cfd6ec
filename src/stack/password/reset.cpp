// POST /auth/password/send-reset-code, /auth/password/reset and its /check-code: a new password for who reads the mails of the address.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "api/pace.hpp"
#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
using api::code_purposes::reset_password;

struct SendBody {
    std::string email;
    std::string callback_url;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("callback_url", body.callback_url, json::max_length{2048});
    }
};

struct ResetBody {
    std::string code;
    std::string password;

    static void fields(auto& f, auto& body) {
        f.required("code", body.code, json::max_length{200});
        f.required("password", body.password, longest);
    }
};

awaitable<> mail_code(api::LegacyContext& ctx, const UserId& user, const std::string& email, const std::string& callback) {
    auto tx = co_await ctx.db().begin();
    co_await legacy::delete_codes(tx, reset_password, user);
    const legacy::NewCode order{.purpose = reset_password, .user_id = user, .data = {{"email", email}}, .life = api::code_life};
    auto code = co_await legacy::insert_code(tx, *ctx.keys, order, ctx.now);
    api::LegacyMail mail{.kind = "resetLink", .to = email, .callback = callback, .code = std::move(code), .life = api::code_life};
    co_await api::send_legacy_mail(ctx, tx, std::move(mail));
    co_await tx.commit();
}
}  // namespace

awaitable<Result<http::Response>> send_reset_code(api::LegacyContext& ctx) {
    const auto begun = std::chrono::steady_clock::now();
    const auto body = ctx.body<SendBody>();
    if (!body) co_return std::unexpected(body.error());
    if (!ctx.project->config.credential_enabled) co_return refuse(api::known::password_not_enabled);
    const auto trusted = api::check_callback(ctx, body->callback_url);
    if (!trusted) co_return std::unexpected(trusted.error());
    const auto email = api::fold_address(body->email);
    const auto braked = co_await api::brake_mail(ctx, email);
    if (!braked) co_return std::unexpected(braked.error());
    const auto account = co_await legacy::find_by_auth_email(ctx.db(), email);
    if (account) co_await mail_code(ctx, account->id, email, body->callback_url);
    // Neither the answer nor its time tells whether there is such a user.
    co_await api::even_out(begun);
    co_return http::Response::text(200, "application/json", R"({"success":"maybe, only if user with e-mail exists"})");
}

awaitable<Result<http::Response>> reset(api::LegacyContext& ctx) {
    const auto body = ctx.body<ResetBody>();
    if (!body) co_return std::unexpected(body.error());
    if (!ctx.project->config.credential_enabled) co_return refuse(api::known::password_not_enabled);
    const auto fit = api::check_legacy_password(body->password);
    if (!fit) co_return std::unexpected(fit.error());
    // Looked at before the hash is made, and used up after it: junk costs no hash, and no lock is held while hashing.
    const auto peeked = co_await legacy::try_code(ctx.db(), *ctx.keys, reset_password, body->code, false, ctx.now);
    const auto good = api::check_verdict(peeked.verdict);
    if (!good) co_return std::unexpected(good.error());
    auto hash = co_await ctx.passwords().hash_bcrypt(ctx.io(), body->password);
    if (!hash) co_return std::unexpected(hash.error());

    auto tx = co_await ctx.db().begin();
    const auto tried = co_await legacy::try_code(tx, *ctx.keys, reset_password, body->code, true, ctx.now);
    const auto taken = api::check_verdict(tried.verdict);
    if (!taken) co_return std::unexpected(taken.error());
    if (!tried.user_id) co_return refuse(api::known::code_not_found);
    const legacy::UserChange change{.password_hash = {true, std::move(*hash)}};
    const auto user = co_await legacy::update_user(tx, *tried.user_id, change, ctx.now);
    if (!user) co_return std::unexpected(api::to_error(user.error(), {}, {}));
    co_await legacy::delete_sessions_of(tx, user->id, {});
    co_await tx.commit();
    co_return api::say_success();
}

awaitable<Result<http::Response>> check_reset_code(api::LegacyContext& ctx) { return api::answer_check_code(ctx, reset_password); }
}  // namespace argon::stack::password
