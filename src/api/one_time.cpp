#include "api/one_time.hpp"

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace argon::api {
namespace {
using identity::CodeVerdict;

/// Bound to what the code is for: the same digits for another address or purpose have another hash.
std::string hash_code(const Context& ctx, std::string_view identifier, std::string_view code) {
    return crypto::base64url_encode(ctx.auth->one_time_key.sign("code|" + std::string{identifier} + "|" + std::string{code}));
}
}  // namespace

std::string hash_token(const Context& ctx, std::string_view token) {
    return crypto::base64url_encode(ctx.auth->one_time_key.sign("token|" + std::string{token}));
}

std::string base_url(const Context& ctx) { return ctx.services.addresses.base_url(ctx.branch->endpoint, ctx.branch->database); }

std::string make_link(const Context& ctx, std::string_view path, std::string_view token, std::string_view callback) {
    return base_url(ctx) + std::string{path} + "?token=" + std::string{token} + "&callbackURL=" + http::percent_encode(callback);
}

awaitable<Result<>> send_code(Context& ctx, pg::Executor& db, CodeOrder order) {
    const auto code = crypto::random_text(static_cast<std::size_t>(order.length), crypto::digits);
    const std::chrono::seconds life{order.life};
    const identity::NewVerification row{order.identifier, hash_code(ctx, order.identifier, code) + ":0", ctx.now + life};
    co_await identity::replace_verification(db, row, ctx.now);
    CodeMessage message{order.purpose, std::move(order.to), order.by_phone, code, life, std::move(order.user)};
    auto delivered = co_await deliver_code(ctx, db, std::move(message));
    co_return delivered;
}

awaitable<Result<>> send_code(Context& ctx, CodeOrder order) {
    const CodeMessage preview{.purpose = order.purpose, .to = order.to, .by_phone = order.by_phone, .code = {}, .life = {}, .user = order.user};
    if (replaces_mail(ctx, preview)) {
        auto sent = co_await send_code(ctx, ctx.db, std::move(order));
        co_return sent;
    }
    auto tx = co_await ctx.pool->begin();
    auto sent = co_await send_code(ctx, tx, std::move(order));
    if (sent) co_await tx.commit();
    co_return sent;
}

awaitable<Result<>> check_code(Context& ctx, CodeTry attempt) {
    const auto hash = hash_code(ctx, attempt.identifier, attempt.code);
    const auto verdict = co_await identity::try_code(ctx.db, attempt.identifier, hash, attempt.allowed_attempts, attempt.use, ctx.now);
    switch (verdict) {
        case CodeVerdict::right: co_return Result<>{};
        case CodeVerdict::wrong: co_return refuse(errors::invalid_otp);
        case CodeVerdict::absent: co_return refuse(attempt.when_absent);
        case CodeVerdict::expired: co_return refuse(errors::otp_expired);
        case CodeVerdict::exhausted: co_return refuse(errors::too_many_attempts);
    }
    co_return refuse(errors::invalid_otp);
}

awaitable<Result<>> send_link(Context& ctx, std::optional<identity::NewVerification> row, LinkMessage message) {
    if (replaces_mail(ctx, message)) {
        if (row) co_await identity::insert_verification(ctx.db, *row, ctx.now);
        auto sent = co_await deliver_link(ctx, ctx.db, std::move(message));
        co_return sent;
    }
    auto tx = co_await ctx.pool->begin();
    if (row) co_await identity::insert_verification(tx, *row, ctx.now);
    auto sent = co_await deliver_link(ctx, tx, std::move(message));
    if (sent) co_await tx.commit();
    co_return sent;
}
}  // namespace argon::api
