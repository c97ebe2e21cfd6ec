// Organizations: people found them, invite others by address, hold roles in them, and have one of them active in each session.
// Who may do what is a table in access.cpp. Everything that changes who belongs to an organization locks its row first, so limits and
// "there is always an owner" hold however many requests come at once. Facts 56-61 of auth-wire-facts.md; docs/design/0015.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::organization {

api::Endpoint create, check_slug, check_slug_by_query, update, remove, list, get_full, set_active;
api::Endpoint list_members, get_active_member, get_active_member_role, update_member_role, remove_member, leave;
api::Endpoint invite_member, accept_invitation, reject_invitation, cancel_invitation;
api::Endpoint get_invitation, list_invitations, list_user_invitations;
api::Endpoint has_permission;

extern const api::Description create_docs, check_slug_docs, update_docs, remove_docs, list_docs, get_full_docs, set_active_docs, list_members_docs,
    get_active_member_docs, get_active_member_role_docs, update_member_role_docs, remove_member_docs, leave_docs, invite_member_docs,
    accept_invitation_docs, reject_invitation_docs, cancel_invitation_docs, get_invitation_docs, list_invitations_docs, list_user_invitations_docs,
    has_permission_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::organization
