// Refusals of the legacy provider that its SDKs know by code (stack-auth.md, 1.4). They rebuild their own error from `details` without
// looking whether it is there: each one that needs details is made by a function, so none can be sent without.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "json/writer.hpp"

namespace argon::api::known {

inline constexpr ErrorSpec cannot_get_own_user{400, "CANNOT_GET_OWN_USER_WITHOUT_USER",
                                               "You have specified 'me' as a userId, but did not provide authentication for a user."};
inline constexpr ErrorSpec user_authentication_required{401, "USER_AUTHENTICATION_REQUIRED", "User authentication required for this endpoint."};
inline constexpr ErrorSpec user_not_found{404, "USER_NOT_FOUND", "User not found."};
inline constexpr ErrorSpec access_type_required{400, "ACCESS_TYPE_REQUIRED",
                                                "You must specify an access level: set the header x-stack-access-type to client, server or admin."};
inline constexpr ErrorSpec key_without_access_type{
    400, "PROJECT_KEY_WITHOUT_ACCESS_TYPE",
    "Either an API key or an admin access token was provided, but the x-stack-access-type header is missing."};
inline constexpr ErrorSpec server_authentication_required{401, "SERVER_AUTHENTICATION_REQUIRED", "The secret server key must be provided."};
inline constexpr ErrorSpec admin_authentication_required{401, "ADMIN_AUTHENTICATION_REQUIRED", "The super secret admin key must be provided."};
inline constexpr ErrorSpec unparsable_access_token{401, "UNPARSABLE_ACCESS_TOKEN", "Access token is not parsable."};
inline constexpr ErrorSpec refresh_token_not_found{401, "REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED",
                                                   "Refresh token not found for this project, or the session has expired or was revoked."};
inline constexpr ErrorSpec cannot_delete_current_session{400, "CANNOT_DELETE_CURRENT_SESSION", "Cannot delete the current session."};
inline constexpr ErrorSpec email_password_mismatch{400, "EMAIL_PASSWORD_MISMATCH", "Wrong e-mail or password."};
inline constexpr ErrorSpec password_confirmation_mismatch{400, "PASSWORD_CONFIRMATION_MISMATCH", "Passwords do not match."};
inline constexpr ErrorSpec user_does_not_have_password{400, "USER_DOES_NOT_HAVE_PASSWORD",
                                                       "This user does not have password authentication enabled."};
inline constexpr ErrorSpec password_not_enabled{400, "PASSWORD_AUTHENTICATION_NOT_ENABLED",
                                                "Password authentication is not enabled for this project."};
inline constexpr ErrorSpec sign_up_not_enabled{400, "SIGN_UP_NOT_ENABLED", "Creation of new accounts is not enabled for this project."};
inline constexpr ErrorSpec anonymous_not_enabled{400, "ANONYMOUS_ACCOUNTS_NOT_ENABLED", "Anonymous accounts are not enabled for this project."};
inline constexpr ErrorSpec redirect_not_whitelisted{
    400, "REDIRECT_URL_NOT_WHITELISTED",
    "Redirect URL not whitelisted. Did you forget to add this domain to the trusted domains list of the project?"};
inline constexpr ErrorSpec code_not_found{404, "VERIFICATION_CODE_NOT_FOUND", "The verification code does not exist for this project."};
inline constexpr ErrorSpec code_expired{400, "VERIFICATION_CODE_EXPIRED", "The verification code has expired."};
inline constexpr ErrorSpec code_already_used{409, "VERIFICATION_CODE_ALREADY_USED", "The verification link has already been used."};
inline constexpr ErrorSpec code_exhausted{400, "VERIFICATION_CODE_MAX_ATTEMPTS_REACHED",
                                          "The verification code nonce has reached the maximum number of attempts. This code is not valid anymore."};
inline constexpr ErrorSpec invitation_for_another{
    403, "TEAM_INVITATION_EMAIL_MISMATCH",
    "This team invitation was sent to another e-mail address: verify that address on your account, or sign "
    "in with the account that has it."};
inline constexpr ErrorSpec membership_exists{409, "TEAM_MEMBERSHIP_ALREADY_EXISTS", "The user is a member of the team already."};
inline constexpr ErrorSpec email_already_verified{409, "EMAIL_ALREADY_VERIFIED", "The e-mail is already verified."};
inline constexpr ErrorSpec invalid_authorization_code{400, "INVALID_AUTHORIZATION_CODE", "The given authorization code is invalid."};
inline constexpr ErrorSpec oauth_provider_not_found{400, "OAUTH_PROVIDER_NOT_FOUND_OR_NOT_ENABLED",
                                                    "The OAuth provider is not found or not enabled."};
inline constexpr ErrorSpec oauth_access_token_shared{
    400, "OAUTH_ACCESS_TOKEN_NOT_AVAILABLE_WITH_SHARED_OAUTH_KEYS",
    "Access tokens are not available with shared OAuth keys. Please add your own OAuth keys to the project to use access tokens."};
inline constexpr ErrorSpec oauth_extra_scope_shared{
    400, "OAUTH_EXTRA_SCOPE_NOT_AVAILABLE_WITH_SHARED_OAUTH_KEYS",
    "Extra scopes are not available with shared OAuth keys. Please add your own OAuth keys to the project to use extra scopes."};
inline constexpr ErrorSpec oauth_denied{400, "OAUTH_PROVIDER_ACCESS_DENIED", "The OAuth provider denied access to the user."};
inline constexpr ErrorSpec oauth_connected_elsewhere{409, "OAUTH_CONNECTION_ALREADY_CONNECTED_TO_ANOTHER_USER",
                                                     "The OAuth connection is already connected to another user."};
inline constexpr ErrorSpec outer_oauth_timeout{408, "OUTER_OAUTH_TIMEOUT", "The OAuth flow has timed out. Please sign in again."};

/// `message` may depend on the request; it must be valid UTF-8.
Error make(ErrorSpec spec, json::Object details);
inline std::unexpected<Error> refuse(ErrorSpec spec, json::Object details) { return std::unexpected(make(spec, std::move(details))); }

Error schema_error(std::string message);
Error body_parsing_error(std::string message);
Error invalid_access_type(std::string_view given);
Error access_type_without_project(std::string_view access_type);
Error insufficient_access_type(std::string_view actual, std::vector<std::string> allowed);
Error invalid_publishable_key(const std::string& project);
Error invalid_secret_key(const std::string& project);
Error invalid_admin_key(const std::string& project);
Error publishable_key_required(const std::string& project);
Error current_project_not_found(std::string_view project);
Error access_token_expired(std::int64_t expired_at_millis, const std::string& project, const std::string& user, const std::string& session);
Error invalid_project_for_access_token(const std::string& expected, const std::string& actual);
Error user_id_does_not_exist(const std::string& user);
Error email_already_exists(const std::string& email, bool would_work_if_verified);
Error password_too_short();
Error password_too_long();
Error email_is_not_primary(const std::string& email, const std::optional<std::string>& primary);
Error contact_channel_used_by_other(const std::string& value, bool would_work_if_verified);
Error invalid_oauth_client(std::optional<std::string> client_id);
Error team_not_found(const std::string& team);
Error team_membership_not_found(const std::string& team, const std::string& user);
Error permission_not_found(const std::string& permission);
Error team_permission_not_found(const std::string& team, const std::string& user, const std::string& permission);
Error team_permission_required(const std::string& team, const std::string& user, const std::string& permission);

/// A refusal that has no code: its text is the whole body.
inline std::unexpected<Error> refuse_text(int status, std::string text) { return refuse_with({status, "", ""}, std::move(text)); }

inline constexpr std::int64_t shortest_password = 8;
inline constexpr std::int64_t longest_password = 70;
}  // namespace argon::api::known
