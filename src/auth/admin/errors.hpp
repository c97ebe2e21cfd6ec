#pragma once

#include "base/error.hpp"

namespace argon::auth::admin::errors {
/// Without a body, as on all admin routes (auth-wire-facts.md, fact 8).
inline constexpr ErrorSpec unauthorized{401, "", ""};
inline constexpr ErrorSpec may_not_list{403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS", "You are not allowed to list users"};
inline constexpr ErrorSpec may_not_get{403, "YOU_ARE_NOT_ALLOWED_TO_GET_USER", "You are not allowed to get user"};
inline constexpr ErrorSpec may_not_create{403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS", "You are not allowed to create users"};
inline constexpr ErrorSpec may_not_update{403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS", "You are not allowed to update users"};
inline constexpr ErrorSpec may_not_set_email{403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL", "You are not allowed to update users email"};
inline constexpr ErrorSpec may_not_set_role{403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE", "You are not allowed to change users role"};
inline constexpr ErrorSpec may_not_set_password{403, "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD", "You are not allowed to set users password"};
inline constexpr ErrorSpec may_not_ban{403, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS", "You are not allowed to ban users"};
inline constexpr ErrorSpec may_not_delete{403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS", "You are not allowed to delete users"};
inline constexpr ErrorSpec may_not_impersonate{403, "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS", "You are not allowed to impersonate users"};
inline constexpr ErrorSpec may_not_list_sessions{403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS", "You are not allowed to list users sessions"};
inline constexpr ErrorSpec may_not_revoke_sessions{403, "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS",
                                                   "You are not allowed to revoke users sessions"};

inline constexpr ErrorSpec user_not_found{404, "USER_NOT_FOUND", "User not found"};
inline constexpr ErrorSpec user_exists{400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email."};
inline constexpr ErrorSpec phone_exists{400, "PHONE_NUMBER_EXIST", "Phone number already exists"};
inline constexpr ErrorSpec invalid_phone_number{400, "INVALID_PHONE_NUMBER", "Invalid phone number"};
inline constexpr ErrorSpec invalid_email{400, "INVALID_EMAIL", "Invalid email"};
inline constexpr ErrorSpec unknown_role{400, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE", "You are not allowed to set a non-existent role value"};
inline constexpr ErrorSpec invalid_role_type{400, "INVALID_ROLE_TYPE", "Invalid role type"};
inline constexpr ErrorSpec no_data{400, "NO_DATA_TO_UPDATE", "No data to update"};
inline constexpr ErrorSpec field_not_allowed{400, "FIELD_NOT_ALLOWED", "Field not allowed to be set"};
inline constexpr ErrorSpec password_elsewhere{400, "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER",
                                              "Password cannot be updated through update-user. Use the set-user-password endpoint instead"};
inline constexpr ErrorSpec cannot_ban_oneself{400, "YOU_CANNOT_BAN_YOURSELF", "You cannot ban yourself"};
inline constexpr ErrorSpec cannot_remove_oneself{400, "YOU_CANNOT_REMOVE_YOURSELF", "You cannot remove yourself"};
inline constexpr ErrorSpec cannot_impersonate_admins{403, "YOU_CANNOT_IMPERSONATE_ADMINS", "You cannot impersonate admins"};
inline constexpr ErrorSpec not_impersonating{400, "", "You are not impersonating anyone"};
inline constexpr ErrorSpec no_admin_session{400, "FAILED_TO_FIND_ADMIN_SESSION", "Failed to find admin session"};
inline constexpr ErrorSpec no_permissions{400, "", "invalid permission check. no permission(s) were passed."};
inline constexpr ErrorSpec user_is_referred_to{409, "USER_IS_REFERRED_TO", "Other tables of the database refer to the user; remove those rows first"};
}  // namespace argon::auth::admin::errors
