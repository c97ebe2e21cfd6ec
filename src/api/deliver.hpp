// How codes, links and events reach people and webhooks: the one way out for every feature.
//
// Mails go through the outbox of the branch: pass the transaction that creates the code, and the mail exists exactly when the code
// does. They are sent after the commit, so nothing here waits for a mail server. Where the branch's webhook takes the place of
// the mail (`replaces_mail`), the call waits for the receiver for up to 15 seconds: pass the pool then, with the code already
// committed, since no transaction may be held that long.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/context.hpp"
#include "identity/users.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec send_otp_not_implemented{501, "SEND_OTP_NOT_IMPLEMENTED", "sendOTP not implemented"};
}  // namespace errors

enum class CodePurpose { sign_in, email_verification, forget_password, phone_verification, phone_forget_password };
enum class LinkPurpose { email_verification, forget_password, sign_in, change_email_confirmation, delete_account };

struct CodeMessage {
    CodePurpose purpose;
    std::string to;  ///< e-mail address, or phone number with `by_phone`
    bool by_phone = false;
    std::string code;
    std::chrono::seconds life;
    std::optional<identity::User> user;  ///< absent when nobody has the address yet
};

struct LinkMessage {
    LinkPurpose purpose;
    std::string to;
    std::string url;
    std::string token;  ///< raw, for receivers that build their own link
    std::chrono::seconds life;
    std::optional<identity::User> user;
};

/// Whether the webhook takes the place of the built-in mail.
bool replaces_mail(const Context& ctx, const CodeMessage& message);
bool replaces_mail(const Context& ctx, const LinkMessage& message);

/// Refused when the webhook does not take it (fail closed), or with 501 for a phone number without a webhook.
awaitable<Result<>> deliver_code(Context& ctx, pg::Executor& db, CodeMessage message);
awaitable<Result<>> deliver_link(Context& ctx, pg::Executor& db, LinkMessage message);

/// The event user.before_create: the receiver's refusal, with its message and code, or a failure of the receiver. Waits up to
/// 15 seconds; to be called before the transaction. `provider` is credential, google, github ...
awaitable<Result<>> approve_new_user(Context& ctx, const identity::NewUser& user, std::string_view provider);
/// The event user.created, in the transaction that creates the user.
awaitable<> announce_user_created(Context& ctx, pg::Executor& db, const identity::User& user, std::string_view provider);
/// The event phone_number.verified.
awaitable<> announce_phone_verified(Context& ctx, pg::Executor& db, const identity::User& user);
}  // namespace argon::api
