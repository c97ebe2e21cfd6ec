// The events of a branch as envelopes, and the two ways they go: called while the user waits, or left in the outbox.
#pragma once

#include "api/deliver.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/event.hpp"

namespace argon::api {

/// With a new id, the request's address and user agent, and what is known of the person.
webhooks::Envelope make_envelope(const Context& ctx, std::string_view type, const std::optional<identity::User>& user);

/// Calls the webhook and writes the log. Waits up to 15 seconds.
awaitable<webhooks::Outcome> call_webhook(Context& ctx, const webhooks::Envelope& envelope);

/// As call_webhook, beside the request: nobody waits, and a failure is in the log alone.
void call_webhook_later(Context& ctx, const webhooks::Envelope& envelope);
/// What the receiver of user.before_create said: nothing wrong, its refusal, or that it said nothing that reads as a verdict.
Result<> judge(const webhooks::Outcome& outcome);

awaitable<> announce_invitation(Context& ctx, pg::Executor& db, std::string_view type, const InvitationMessage& message, const identity::User& user);
}  // namespace argon::api
