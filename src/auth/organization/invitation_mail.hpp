// How invitations reach people: the link of the mail, and what events tell about them.
#pragma once

#include "api/deliver.hpp"
#include "auth/organization/records.hpp"

namespace argon::auth::organization {

bool sends_invitation_mail(const api::Context& ctx);
/// For api::deliver_invitation and announce_invitation_accepted; without a link where the branch sends no such mails.
api::InvitationMessage invitation_message(const api::Context& ctx, const Invitation& invitation, const Organization& organization);
}  // namespace argon::auth::organization
