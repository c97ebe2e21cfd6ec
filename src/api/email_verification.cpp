#include "api/email_verification.hpp"

#include "api/brakes.hpp"
#include "crypto/jwt.hpp"

namespace argon::api {
namespace {

std::chrono::seconds link_life(const Context& ctx) { return std::chrono::seconds{ctx.settings().advanced.emailVerification.expiresIn}; }

LinkMessage make_message(const Context& ctx, const identity::User& user, std::string_view callback) {
    auto token = make_link_token(ctx, {.email = user.email});
    auto url = make_link(ctx, "/verify-email", token, callback.empty() ? "/" : callback);
    return {LinkPurpose::email_verification, user.email, std::move(url), std::move(token), link_life(ctx), user};
}

CodeOrder make_order(const Context& ctx, const identity::User& user) {
    const auto& rules = ctx.settings().advanced.emailOtp;
    return {.purpose = CodePurpose::email_verification,
            .identifier = "email-verification-otp-" + user.email,
            .to = user.email,
            .length = rules.otpLength,
            .life = rules.expiresIn,
            .user = user};
}
}  // namespace

std::string make_link_token(const Context& ctx, LinkClaims claims) {
    claims.iat = to_unix_seconds(ctx.now);
    claims.exp = claims.iat + link_life(ctx).count();
    return crypto::sign_hs256(ctx.auth->link_key, json::encode(claims));
}

std::expected<LinkClaims, LinkFlaw> read_link_token(const Context& ctx, std::string_view token) {
    constexpr std::size_t longest = 4096;
    const auto payload = token.size() <= longest ? crypto::verify_hs256(ctx.auth->link_key, token) : std::nullopt;
    const auto value = payload ? json::parse(*payload) : std::nullopt;
    if (!value) return std::unexpected(LinkFlaw::invalid);
    LinkClaims claims;
    if (!json::decode(&*value, "token", claims).empty()) return std::unexpected(LinkFlaw::invalid);
    if (claims.exp <= to_unix_seconds(ctx.now)) return std::unexpected(LinkFlaw::expired);
    return claims;
}

awaitable<Result<>> send_email_verification(Context& ctx, pg::Executor& db, const identity::User& user, std::string_view callback) {
    if (ctx.settings().verifies_by_code()) {
        auto sent = co_await send_code(ctx, db, make_order(ctx, user));
        co_return sent;
    }
    auto sent = co_await deliver_link(ctx, db, make_message(ctx, user, callback));
    co_return sent;
}

awaitable<Result<>> send_email_verification(Context& ctx, const identity::User& user, std::string_view callback) {
    const auto limited = co_await brake_mail(ctx, user.email);
    if (limited) co_return Result<>{};
    if (ctx.settings().verifies_by_code()) {
        auto sent = co_await send_code(ctx, make_order(ctx, user));
        co_return sent;
    }
    auto sent = co_await send_link(ctx, {}, make_message(ctx, user, callback));
    co_return sent;
}

awaitable<Result<>> send_email_verification_code(Context& ctx, pg::Executor& db, const identity::User& user) {
    auto sent = co_await send_code(ctx, db, make_order(ctx, user));
    co_return sent;
}

awaitable<Result<>> send_change_link(Context& ctx, const identity::User& user, std::string_view to, std::string_view request_type,
                                     std::string_view callback) {
    const bool confirms = request_type == confirms_change;
    auto token = make_link_token(ctx, {user.email, std::string{to}, std::string{request_type}, user.id});
    auto url = make_link(ctx, "/verify-email", token, callback.empty() ? "/" : callback);
    LinkMessage message{confirms ? LinkPurpose::change_email_confirmation : LinkPurpose::email_verification,
                        confirms ? user.email : std::string{to},
                        std::move(url),
                        std::move(token),
                        link_life(ctx),
                        user,
                        std::string{to}};
    const auto limited = co_await brake_mail(ctx, message.to);
    if (limited) co_return Result<>{};
    auto sent = co_await send_link(ctx, {}, std::move(message));
    co_return sent;
}

bool verification_waits_for_webhook(const Context& ctx, const identity::User& user) {
    if (!ctx.settings().verifies_by_code()) return replaces_mail(ctx, make_message(ctx, user, "/"));
    return replaces_mail(ctx, CodeMessage{.purpose = CodePurpose::email_verification, .to = user.email, .code = {}, .life = {}, .user = user});
}
}  // namespace argon::api
