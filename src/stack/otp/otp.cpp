// Sign-in by mail: a link, or the first six characters of its code together with the rest, which the browser that asked keeps.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "legacy/contact_channels.hpp"

namespace argon::stack::otp {
namespace {
using api::code_purposes::sign_in;

struct SendBody {
    std::string email;
    std::string callback_url;
    std::optional<std::string> bot_challenge_token, bot_challenge_phase, bot_challenge_unavailable;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("callback_url", body.callback_url, json::max_length{2048});
        f.optional("bot_challenge_token", body.bot_challenge_token);
        f.optional("bot_challenge_phase", body.bot_challenge_phase);
        f.optional("bot_challenge_unavailable", body.bot_challenge_unavailable);
    }
};

struct NonceReply {
    std::string nonce;

    static void fields(auto& f, auto& reply) { f.required("nonce", reply.nonce); }
};

Result<> check_enabled(const api::LegacyContext& ctx) {
    if (!ctx.project->config.magic_link_enabled) return api::known::refuse_text(403, "OTP sign-in is not enabled for this project");
    return {};
}

awaitable<Result<http::Response>> send_code(api::LegacyContext& ctx) {
    const auto body = ctx.body<SendBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto enabled = check_enabled(ctx);
    if (!enabled) co_return std::unexpected(enabled.error());
    const auto trusted = api::check_callback(ctx, body->callback_url);
    if (!trusted) co_return std::unexpected(trusted.error());
    const auto email = api::fold_address(body->email);
    const auto braked = co_await api::brake_mail(ctx, email);
    if (!braked) co_return std::unexpected(braked.error());
    const auto account = co_await legacy::find_by_auth_email(ctx.db(), email);
    // Who signed up with an address that is not theirs must not be let in by its owner's mail.
    if (account && !account->is_verified) co_return std::unexpected(api::known::email_already_exists(body->email, true));
    if (!account && !ctx.project->config.sign_up_enabled) co_return refuse(api::known::sign_up_not_enabled);

    auto tx = co_await ctx.db().begin();
    const auto user = account ? std::optional{account->id} : std::nullopt;
    const legacy::NewCode order{.purpose = sign_in, .user_id = user, .data = {{"email", email}}, .life = api::code_life};
    const auto code = co_await legacy::insert_code(tx, *ctx.keys, order, ctx.now);
    api::LegacyMail mail{.kind = "magicLink", .to = email, .callback = body->callback_url, .code = code, .shows_code = true, .life = api::code_life};
    co_await api::send_legacy_mail(ctx, tx, std::move(mail));
    co_await tx.commit();
    co_return http::Response::json(200, NonceReply{code.substr(legacy::typed_length)});
}

/// The mail was read: the address is its reader's. Who had no account gets one.
awaitable<Result<legacy::User>> enter(api::LegacyContext& ctx, pg::Executor& tx, const std::string& email, bool& is_new) {
    const auto account = co_await legacy::find_by_auth_email(tx, email);
    if (account && !account->is_verified) co_return std::unexpected(api::known::email_already_exists(email, true));
    is_new = !account;
    if (is_new && !ctx.project->config.sign_up_enabled) co_return refuse(api::known::sign_up_not_enabled);
    legacy::UserChange change{.otp_auth_enabled = {true, true}};
    if (is_new) {
        change.primary_email = {true, email};
        change.primary_email_verified = change.primary_email_auth_enabled = {true, true};
    }
    auto user = std::optional<legacy::Outcome<legacy::User>>{};
    if (account) {
        user = co_await legacy::update_user(tx, account->id, change, ctx.now);
    } else {
        user = co_await legacy::create_user(tx, change, ctx.now);
    }
    if (!*user) co_return std::unexpected(api::to_error(user->error(), email, {}));
    co_return std::move(**user);
}

awaitable<Result<http::Response>> use_code(api::LegacyContext& ctx) {
    const auto body = ctx.body<api::CodeBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto enabled = check_enabled(ctx);
    if (!enabled) co_return std::unexpected(enabled.error());
    // Outside of the transaction: a wrong guess counts even though nothing else is kept.
    const auto tried = co_await legacy::try_code(ctx.db(), *ctx.keys, sign_in, body->code, true, ctx.now);
    const auto good = api::check_verdict(tried.verdict);
    if (!good) co_return std::unexpected(good.error());
    const auto* email = tried.data.if_contains("email");
    if (!email || !email->is_string()) co_return refuse(api::known::code_not_found);

    auto tx = co_await ctx.db().begin();
    bool is_new = false;
    const auto user = co_await enter(ctx, tx, std::string{email->get_string()}, is_new);
    if (!user) co_return std::unexpected(user.error());
    const auto session = co_await api::open_legacy_session(ctx, tx, *user);
    if (!session) co_return refuse(api::known::user_not_found);
    co_await tx.commit();
    co_return http::Response::json(200, api::TokensReply{session->access_token, session->refresh_token, user->id, is_new});
}

awaitable<Result<http::Response>> check_code(api::LegacyContext& ctx) {
    const auto enabled = check_enabled(ctx);
    if (!enabled) co_return std::unexpected(enabled.error());
    co_return co_await api::answer_check_code(ctx, sign_in);
}

using http::Method;
constexpr api::LegacyRoute table[] = {
    {Method::post, "/auth/otp/send-sign-in-code", send_code},
    {Method::post, "/auth/otp/sign-in", use_code},
    {Method::post, "/auth/otp/sign-in/check-code", check_code},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::otp
