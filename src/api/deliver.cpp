#include "api/deliver.hpp"

#include "mail/outbox.hpp"

namespace argon::api {
namespace {

std::string_view mail_kind(CodePurpose purpose) {
    switch (purpose) {
        case CodePurpose::sign_in: return "signInCode";
        case CodePurpose::email_verification: return "verificationCode";
        case CodePurpose::forget_password: return "resetCode";
        case CodePurpose::phone_verification:
        case CodePurpose::phone_forget_password: return "phoneCode";
    }
    return "signInCode";
}

std::string_view mail_kind(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::email_verification: return "verificationLink";
        case LinkPurpose::forget_password: return "resetLink";
        case LinkPurpose::sign_in: return "magicLink";
        case LinkPurpose::change_email_confirmation: return "changeEmailLink";
        case LinkPurpose::delete_account: return "deleteAccountLink";
    }
    return "magicLink";
}

std::int64_t whole_minutes(std::chrono::seconds life) { return std::max<std::int64_t>(1, std::chrono::round<std::chrono::minutes>(life).count()); }

awaitable<> enqueue(Context& ctx, pg::Executor& db, mail::Order order, std::chrono::seconds life) {
    order.minutes = whole_minutes(life);
    const auto key = ctx.services.master_key.derive("outbox");
    co_await mail::enqueue(db, key, ctx.branch->branch, order, ctx.now + life);
}
}  // namespace

bool replaces_mail(const Context& ctx, const CodeMessage&) { return ctx.settings().webhook.wants("send.otp"); }

bool replaces_mail(const Context& ctx, const LinkMessage& message) {
    // The events have link types for these three only; the confirmations of an account's owner are always mailed by us.
    const bool has_type = message.purpose != LinkPurpose::change_email_confirmation && message.purpose != LinkPurpose::delete_account;
    return has_type && ctx.settings().webhook.wants("send.magic_link");
}

awaitable<Result<>> deliver_code(Context& ctx, pg::Executor& db, CodeMessage message) {
    if (message.by_phone) co_return refuse(errors::send_otp_not_implemented);
    co_await enqueue(ctx, db, {.kind = std::string{mail_kind(message.purpose)}, .to = message.to, .code = message.code}, message.life);
    co_return Result<>{};
}

awaitable<Result<>> deliver_link(Context& ctx, pg::Executor& db, LinkMessage message) {
    co_await enqueue(ctx, db, {.kind = std::string{mail_kind(message.purpose)}, .to = message.to, .url = message.url}, message.life);
    co_return Result<>{};
}

awaitable<Result<>> approve_new_user(Context&, const identity::NewUser&, std::string_view) { co_return Result<>{}; }

awaitable<> announce_user_created(Context&, pg::Executor&, const identity::User&, std::string_view) { co_return; }
awaitable<> announce_phone_verified(Context&, pg::Executor&, const identity::User&) { co_return; }
}  // namespace argon::api
