#include "api/deliver.hpp"

#include <algorithm>
#include <stdexcept>

#include "api/delivery.hpp"
#include "api/events.hpp"
#include "base/log.hpp"
#include "mail/outbox.hpp"

namespace argon::api {
namespace {
using namespace std::chrono_literals;

// A code that lives for seconds is mailed all the same, even if the mail server takes a moment.
constexpr std::chrono::seconds shortest_wait = 60s;

std::string_view mail_kind(CodePurpose purpose) {
    switch (purpose) {
        case CodePurpose::sign_in: return "signInCode";
        case CodePurpose::email_verification: return "verificationCode";
        case CodePurpose::forget_password: return "resetCode";
        case CodePurpose::phone_verification:
        case CodePurpose::phone_forget_password: return "phoneCode";
    }
    throw std::logic_error("a code without a mail");
}

std::string_view mail_kind(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::email_verification: return "verificationLink";
        case LinkPurpose::forget_password: return "resetLink";
        case LinkPurpose::sign_in: return "magicLink";
        case LinkPurpose::change_email_confirmation: return "changeEmailLink";
        case LinkPurpose::delete_account: return "deleteAccountLink";
    }
    throw std::logic_error("a link without a mail");
}

/// The events know three types; a number is proven to sign in with it.
std::string_view event_type(CodePurpose purpose) {
    switch (purpose) {
        case CodePurpose::email_verification: return "email-verification";
        case CodePurpose::forget_password:
        case CodePurpose::phone_forget_password: return "forget-password";
        case CodePurpose::sign_in:
        case CodePurpose::phone_verification: return "sign-in";
    }
    throw std::logic_error("a code without a type");
}

/// The confirmations that an account's owner gives have no type: they are always mailed by us.
std::optional<std::string_view> event_type(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::email_verification: return "email-verification";
        case LinkPurpose::forget_password: return "forget-password";
        case LinkPurpose::sign_in: return "sign-in";
        case LinkPurpose::change_email_confirmation:
        case LinkPurpose::delete_account: return std::nullopt;
    }
    throw std::logic_error("a link without a type");
}

std::int64_t whole_minutes(std::chrono::seconds life) { return std::max<std::int64_t>(1, std::chrono::round<std::chrono::minutes>(life).count()); }

/// To the webhook, in place of a mail.
awaitable<Result<>> hand_over(Context& ctx, const webhooks::Envelope& envelope) {
    if (ctx.answers_first) {
        call_webhook_later(ctx, envelope);
        co_return Result<>{};
    }
    const auto outcome = co_await call_webhook(ctx, envelope);
    if (!outcome.delivered) co_return refuse(errors::webhook_failed, outcome.reason);
    co_return Result<>{};
}

awaitable<> enqueue(Context& ctx, pg::Executor& db, mail::Order order, std::chrono::seconds life) {
    order.minutes = whole_minutes(life);
    ctx.has_deliveries = true;
    const auto key = ctx.services.master_key.derive("outbox");
    const auto taken = co_await mail::enqueue(db, key, ctx.branch->branch, order, ctx.now + std::max(life, shortest_wait));
    if (!taken) log::error("a mail was dropped: the outbox is full", {{"branch", ctx.branch->branch.value}, {"request", ctx.request_id}});
}

std::string change_detail(const LinkMessage& message) {
    return message.purpose == LinkPurpose::change_email_confirmation ? message.detail : std::string{};
}
}  // namespace

bool replaces_mail(const Context& ctx, const CodeMessage& message) {
    const bool phones_only = ctx.settings().advanced.delivery.codesByWebhook == "phone";
    return ctx.settings().webhook.wants(webhooks::events::send_otp) && (message.by_phone || !phones_only);
}

bool replaces_mail(const Context& ctx, const LinkMessage& message) {
    return event_type(message.purpose) && ctx.settings().webhook.wants(webhooks::events::send_magic_link);
}

awaitable<Result<>> deliver_code(Context& ctx, pg::Executor& db, CodeMessage message) {
    if (replaces_mail(ctx, message)) {
        auto envelope = make_envelope(ctx, webhooks::events::send_otp, message.user);
        (message.by_phone ? envelope.user.phone_number : envelope.user.email) = message.to;
        envelope.event_data.otp_code = message.code;
        envelope.event_data.otp_type = event_type(message.purpose);
        envelope.event_data.delivery_preference = message.by_phone ? "sms" : "email";
        envelope.event_data.expires_at = ctx.now + message.life;
        auto handed_over = co_await hand_over(ctx, envelope);
        co_return handed_over;
    }
    const bool has_phone = ctx.services.delivery && ctx.services.delivery->mailbox();
    if (message.by_phone && !has_phone) co_return refuse(errors::send_otp_not_implemented);
    mail::Order order{.kind = std::string{mail_kind(message.purpose)}, .to = std::move(message.to), .code = std::move(message.code)};
    if (message.by_phone) order.kind = "phoneCode";
    co_await enqueue(ctx, db, std::move(order), message.life);
    co_return Result<>{};
}

awaitable<Result<>> deliver_link(Context& ctx, pg::Executor& db, LinkMessage message) {
    if (replaces_mail(ctx, message)) {
        auto envelope = make_envelope(ctx, webhooks::events::send_magic_link, message.user);
        envelope.user.email = message.to;
        envelope.event_data.link_type = event_type(message.purpose);
        envelope.event_data.link_url = message.url;
        envelope.event_data.token = message.token;
        envelope.event_data.expires_at = ctx.now + message.life;
        auto handed_over = co_await hand_over(ctx, envelope);
        co_return handed_over;
    }
    mail::Order order{.kind = std::string{mail_kind(message.purpose)}, .to = message.to, .url = message.url, .detail = change_detail(message)};
    co_await enqueue(ctx, db, std::move(order), message.life);
    co_return Result<>{};
}

awaitable<> deliver_invitation(Context& ctx, pg::Executor& db, InvitationMessage message, const identity::User& inviter) {
    co_await announce_invitation(ctx, db, webhooks::events::invitation_created, message, inviter);
    if (message.url.empty()) co_return;
    mail::Order order{.kind = "invitation", .to = message.to, .url = message.url, .detail = message.organization_name, .actor = inviter.name};
    co_await enqueue(ctx, db, std::move(order), message.life);
}
}  // namespace argon::api
