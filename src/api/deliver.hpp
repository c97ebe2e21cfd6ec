// How codes, links and events reach people and webhooks: the one way out for every feature.
//
// Mails go through the outbox of the branch: pass the transaction that creates the code, and the mail exists exactly when the code
// does. They are sent after the commit, so nothing here waits for a mail server. Where the branch's webhook takes the place of
// the mail (`replaces_mail`), the call waits for the receiver for up to 15 seconds: pass the pool then, with the code already
// committed, since no transaction may be held that long. Where only some people are sent something and the answer must not tell
// who, set ctx.answers_first: the receiver is called beside the request (docs/design/0014-answers-before-webhooks.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/context.hpp"
#include "api/description.hpp"
#include "identity/users.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec send_otp_not_implemented{501, "SEND_OTP_NOT_IMPLEMENTED", "sendOTP not implemented"};
/// The receiver of a blocking event did not answer, or not with what the event asks for: the action fails closed.
inline constexpr ErrorSpec webhook_failed{502, "WEBHOOK_DELIVERY_FAILED", "The webhook of this branch did not accept the event"};
inline constexpr ErrorSpec user_creation_rejected{403, "USER_CREATION_REJECTED", "User creation was rejected"};
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
    std::string detail;  ///< the new address of change_email_confirmation
};

/// Whether the webhook takes the place of the built-in mail.
bool replaces_mail(const Context& ctx, const CodeMessage& message);
bool replaces_mail(const Context& ctx, const LinkMessage& message);

/// Refused when the webhook does not take it (fail closed), or with 501 for a phone number without a webhook.
awaitable<Result<>> deliver_code(Context& ctx, pg::Executor& db, CodeMessage message);
awaitable<Result<>> deliver_link(Context& ctx, pg::Executor& db, LinkMessage message);
inline constexpr Refusals delivery_refusals{errors::webhook_failed};
inline constexpr Refusals phone_delivery_refusals{errors::webhook_failed, errors::send_otp_not_implemented};

/// The event user.before_create: the receiver's refusal, with its message and code, or a failure of the receiver. Waits up to
/// 15 seconds; to be called before the transaction. `provider` is credential, google, github ...
awaitable<Result<>> approve_new_user(Context& ctx, const identity::NewUser& user, std::string_view provider);
inline constexpr Refusals new_user_refusals{errors::webhook_failed, errors::user_creation_rejected,
                                            ErrorSpec{403, any_code, "The branch's webhook refuses the user, with a code and a message of its own"}};
/// The event user.created, in the transaction that creates the user.
awaitable<> announce_user_created(Context& ctx, pg::Executor& db, const identity::User& user, std::string_view provider);
/// The event phone_number.verified, in the transaction that verifies it.
awaitable<> announce_phone_verified(Context& ctx, pg::Executor& db, const identity::User& user);

struct InvitationMessage {
    std::string id;
    std::string to;
    std::string url;  ///< where the invited person accepts; empty: no mail is sent
    std::string role;
    OrganizationId organization;
    std::string organization_name;
    std::chrono::seconds life;
};
/// organization.invitation.created and its mail; `inviter` is who the event's `user` is.
awaitable<> deliver_invitation(Context& ctx, pg::Executor& db, InvitationMessage message, const identity::User& inviter);
/// organization.invitation.accepted; `user` is who accepted.
awaitable<> announce_invitation_accepted(Context& ctx, pg::Executor& db, const InvitationMessage& message, const identity::User& user);
}  // namespace argon::api
