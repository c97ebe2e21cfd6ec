#include "api/known_errors.hpp"

#include <fmt/format.h>

namespace argon::api::known {
namespace {
Error with(int status, std::string_view code, std::string message, json::Object details) {
    return Error::with_message({status, code, ""}, std::move(message)).with_details(json::to_text(json::Value(std::move(details))));
}

json::Value or_null(const std::optional<std::string>& text) { return text ? json::Value(*text) : json::Value(nullptr); }
}  // namespace

Error make(ErrorSpec spec, json::Object details) { return Error{spec}.with_details(json::to_text(json::Value(std::move(details)))); }

Error schema_error(std::string message) { return with(400, "SCHEMA_ERROR", message, {{"message", message}}); }

Error body_parsing_error(std::string message) { return with(400, "BODY_PARSING_ERROR", message, {{"message", message}}); }

Error invalid_access_type(std::string_view given) {
    return with(400, "INVALID_ACCESS_TYPE", fmt::format("The access type '{}' is not one of client, server and admin.", given),
                {{"accessType", given}});
}

Error access_type_without_project(std::string_view access_type) {
    return with(400, "ACCESS_TYPE_WITHOUT_PROJECT_ID",
                fmt::format("The x-stack-access-type header is '{}', but x-stack-project-id is missing.", access_type),
                {{"request_type", access_type}});
}

Error insufficient_access_type(std::string_view actual, std::vector<std::string> allowed) {
    json::Array list(allowed.begin(), allowed.end());
    std::string names;
    for (const auto& name : allowed) names += (names.empty() ? "'" : " or '") + name + "'";
    return with(401, "INSUFFICIENT_ACCESS_TYPE", fmt::format("The x-stack-access-type header must be {}, but was '{}'.", names, actual),
                {{"actual_access_type", actual}, {"allowed_access_types", std::move(list)}});
}

Error invalid_publishable_key(const std::string& project) {
    return with(401, "INVALID_PUBLISHABLE_CLIENT_KEY", "The publishable key is not valid for the project.", {{"project_id", project}});
}

Error invalid_secret_key(const std::string& project) {
    return with(401, "INVALID_SECRET_SERVER_KEY", "The secret server key is not valid for the project.", {{"project_id", project}});
}

Error invalid_admin_key(const std::string& project) {
    return with(401, "INVALID_SUPER_SECRET_ADMIN_KEY", "The super secret admin key is not valid for the project.", {{"project_id", project}});
}

Error publishable_key_required(const std::string& project) {
    return with(401, "PUBLISHABLE_CLIENT_KEY_REQUIRED_FOR_PROJECT", "Publishable client keys are required for this project.",
                {{"project_id", project}});
}

Error current_project_not_found(std::string_view project) {
    return with(400, "CURRENT_PROJECT_NOT_FOUND", fmt::format("The current project with ID {} was not found.", project), {{"project_id", project}});
}

Error access_token_expired(std::int64_t expired_at_millis, const std::string& project, const std::string& user, const std::string& session) {
    return with(401, "ACCESS_TOKEN_EXPIRED", "Access token has expired. Please refresh it and try again.",
                {{"expired_at_millis", expired_at_millis}, {"project_id", project}, {"user_id", user}, {"refresh_token_id", session}});
}

Error invalid_project_for_access_token(const std::string& expected, const std::string& actual) {
    return with(401, "INVALID_PROJECT_FOR_ACCESS_TOKEN", "Access token not valid for this project.",
                {{"expected_project_id", expected}, {"actual_project_id", actual}});
}

Error user_id_does_not_exist(const std::string& user) {
    return with(400, "USER_ID_DOES_NOT_EXIST", fmt::format("The given user with the ID {} does not exist.", user), {{"user_id", user}});
}

Error email_already_exists(const std::string& email, bool would_work_if_verified) {
    return with(409, "USER_EMAIL_ALREADY_EXISTS", fmt::format("A user with email \"{}\" already exists.", email),
                {{"email", email}, {"would_work_if_email_was_verified", would_work_if_verified}});
}

Error password_too_short() {
    return with(400, "PASSWORD_TOO_SHORT", fmt::format("Password too short. Minimum length is {}.", shortest_password),
                {{"min_length", shortest_password}});
}

Error password_too_long() {
    // The SDKs read this one in another spelling than its sibling.
    return with(400, "PASSWORD_TOO_LONG", fmt::format("Password too long. Maximum length is {}.", longest_password),
                {{"maxLength", longest_password}});
}

Error email_is_not_primary(const std::string& email, const std::optional<std::string>& primary) {
    return with(400, "EMAIL_IS_NOT_PRIMARY_EMAIL", fmt::format("The given e-mail ({}) must equal the user's primary e-mail.", email),
                {{"email", email}, {"primary_email", or_null(primary)}});
}

Error contact_channel_used_by_other(const std::string& value, bool would_work_if_verified) {
    return with(409, "CONTACT_CHANNEL_ALREADY_USED_FOR_AUTH_BY_SOMEONE_ELSE",
                fmt::format("This email \"({})\" is already used for authentication by another account.", value),
                {{"type", "email"}, {"contact_channel_value", value}, {"would_work_if_email_was_verified", would_work_if_verified}});
}

Error invalid_oauth_client(std::optional<std::string> client_id) {
    return with(400, "INVALID_OAUTH_CLIENT_ID_OR_SECRET",
                "The OAuth client ID or secret is invalid: the first must be the project's id, the second a "
                "publishable client key of it.",
                {{"client_id", or_null(client_id)}});
}

Error team_not_found(const std::string& team) { return with(404, "TEAM_NOT_FOUND", fmt::format("Team {} not found.", team), {{"team_id", team}}); }

Error team_membership_not_found(const std::string& team, const std::string& user) {
    return with(404, "TEAM_MEMBERSHIP_NOT_FOUND", fmt::format("User {} is not a member of team {}.", user, team),
                {{"team_id", team}, {"user_id", user}});
}

Error permission_not_found(const std::string& permission) {
    return with(404, "PERMISSION_NOT_FOUND", fmt::format("There is no permission \"{}\".", permission), {{"permission_id", permission}});
}

Error team_permission_not_found(const std::string& team, const std::string& user, const std::string& permission) {
    return with(401, "TEAM_PERMISSION_NOT_FOUND", fmt::format("User {} does not have permission {} in team {}.", user, permission, team),
                {{"team_id", team}, {"user_id", user}, {"permission_id", permission}});
}

Error team_permission_required(const std::string& team, const std::string& user, const std::string& permission) {
    return with(401, "TEAM_PERMISSION_REQUIRED", fmt::format("User {} does not have permission {} in team {}.", user, permission, team),
                {{"team_id", team}, {"user_id", user}, {"permission_id", permission}});
}
}  // namespace argon::api::known
