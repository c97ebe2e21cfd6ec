#pragma once

#include "base/error.hpp"

namespace argon::auth::organization::errors {
/// Without a body on /organization/create alone (auth-wire-facts.md, fact 8).
inline constexpr ErrorSpec unauthorized_to_create{401, "", ""};
inline constexpr ErrorSpec unauthorized_to_delete{401, "", ""};
inline constexpr ErrorSpec unauthorized_to_update{401, "", "User not found"};
inline constexpr ErrorSpec nobody_to_list_for{400, "", "Missing session headers, or email query parameter."};
inline constexpr ErrorSpec not_authenticated{401, "", "Not authenticated"};

inline constexpr ErrorSpec too_many_organizations{403, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS",
                                                  "You have reached the maximum number of organizations"};
inline constexpr ErrorSpec already_exists{400, "ORGANIZATION_ALREADY_EXISTS", "Organization already exists"};
inline constexpr ErrorSpec slug_taken{400, "ORGANIZATION_SLUG_ALREADY_TAKEN", "Organization slug already taken"};
inline constexpr ErrorSpec not_found{400, "ORGANIZATION_NOT_FOUND", "Organization not found"};
inline constexpr ErrorSpec none_active{400, "NO_ACTIVE_ORGANIZATION", "No active organization"};
inline constexpr ErrorSpec may_not_update{403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION", "You are not allowed to update this organization"};
inline constexpr ErrorSpec may_not_delete{403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION", "You are not allowed to delete this organization"};
inline constexpr ErrorSpec id_required{400, "", "Organization ID is required"};

// Not to be a member is told in several ways, by route (fact 58).
inline constexpr std::string_view not_a_member_code = "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION";
inline constexpr std::string_view not_a_member_text = "User is not a member of the organization";
inline constexpr ErrorSpec not_a_member_400{400, not_a_member_code, not_a_member_text};
inline constexpr ErrorSpec not_a_member_401{401, not_a_member_code, not_a_member_text};
inline constexpr ErrorSpec not_a_member_403{403, not_a_member_code, not_a_member_text};
inline constexpr ErrorSpec you_are_no_member{403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION", "You are not a member of this organization"};
inline constexpr ErrorSpec you_are_no_member_uncoded{403, "", "You are not a member of this organization"};
inline constexpr ErrorSpec member_not_found{400, "MEMBER_NOT_FOUND", "Member not found"};

inline constexpr ErrorSpec may_not_update_member{403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER", "You are not allowed to update this member"};
inline constexpr ErrorSpec may_not_delete_member{401, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER", "You are not allowed to delete this member"};
inline constexpr ErrorSpec only_owner{400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
                                      "You cannot leave the organization as the only owner"};
inline constexpr ErrorSpec without_owner{400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER",
                                         "You cannot leave the organization without an owner"};
inline constexpr ErrorSpec role_not_found{400, "ROLE_NOT_FOUND", "Role not found"};
inline constexpr ErrorSpec no_role{400, "", ""};
inline constexpr ErrorSpec role_not_found_uncoded{400, "", "Role not found"};
inline constexpr ErrorSpec too_many_members{403, "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED", "Organization membership limit reached"};

inline constexpr ErrorSpec invalid_email{400, "INVALID_EMAIL", "Invalid email"};
inline constexpr ErrorSpec may_not_invite{403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION",
                                          "You are not allowed to invite users to this organization"};
inline constexpr ErrorSpec may_not_invite_with_role{403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE",
                                                    "You are not allowed to invite a user with this role"};
inline constexpr ErrorSpec already_a_member{400, "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION", "User is already a member of this organization"};
inline constexpr ErrorSpec already_invited{400, "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION", "User is already invited to this organization"};
inline constexpr ErrorSpec too_many_invitations{403, "INVITATION_LIMIT_REACHED", "Invitation limit reached"};
inline constexpr ErrorSpec invitation_not_found{400, "INVITATION_NOT_FOUND", "Invitation not found"};
inline constexpr ErrorSpec nothing_to_reject{400, "INVITATION_NOT_FOUND", "Invitation not found!"};
inline constexpr ErrorSpec no_such_invitation{400, "", "Invitation not found!"};
inline constexpr ErrorSpec not_the_recipient{403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION", "You are not the recipient of the invitation"};
inline constexpr ErrorSpec inviter_left{400, "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION",
                                        "Inviter is no longer a member of the organization"};
inline constexpr ErrorSpec may_not_cancel{403, "YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION", "You are not allowed to cancel this invitation"};
inline constexpr ErrorSpec unverified_answer{403, "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION",
                                             "Email verification required before accepting or rejecting invitation"};
inline constexpr ErrorSpec unverified_look{403, "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION",
                                           "Email verification required to view or list invitations for the session email"};
inline constexpr ErrorSpec no_email_here{400, "", "User email cannot be passed for client side API calls."};
}  // namespace argon::auth::organization::errors
