// Users as an app's server manages them, and the signed-in user's own view and changes.
#pragma once

#include "api/legacy_request.hpp"
#include "api/legacy_user.hpp"

namespace argon::stack::users {

inline constexpr json::max_length name_limit{256};
inline constexpr json::max_length url_limit{50'000};  // some apps keep small pictures as data: URLs

/// What a server sends to create and update a user.
struct UserBody {
    json::Patch<std::string> display_name;
    json::Patch<std::string> profile_image_url;
    json::Patch<json::Value> client_metadata;
    json::Patch<json::Value> client_read_only_metadata;
    json::Patch<json::Value> server_metadata;
    json::Patch<std::string> primary_email;
    json::Patch<bool> primary_email_verified;
    json::Patch<bool> primary_email_auth_enabled;
    json::Patch<std::string> password;
    json::Patch<std::string> password_hash;
    json::Patch<bool> otp_auth_enabled;
    json::Patch<bool> passkey_auth_enabled;
    json::Patch<std::string> totp_secret_base64;
    json::Patch<bool> is_anonymous;
    json::Patch<std::string> selected_team_id;

    static void fields(auto& f, auto& body) {
        client_fields(f, body);
        f.optional("client_read_only_metadata", body.client_read_only_metadata, api::plain_json);
        f.optional("server_metadata", body.server_metadata, api::plain_json);
        f.optional("primary_email_verified", body.primary_email_verified);
        f.optional("primary_email_auth_enabled", body.primary_email_auth_enabled);
        f.optional("password", body.password, json::max_length{1024});
        f.optional("password_hash", body.password_hash, json::max_length{100});
        f.optional("is_anonymous", body.is_anonymous);
    }
    /// What a signed-in user may change of themselves.
    static void client_fields(auto& f, auto& body) {
        f.optional("display_name", body.display_name, name_limit);
        f.optional("profile_image_url", body.profile_image_url, url_limit);
        f.optional("client_metadata", body.client_metadata, api::plain_json);
        f.optional("primary_email", body.primary_email, json::email);
        f.optional("otp_auth_enabled", body.otp_auth_enabled);
        f.optional("passkey_auth_enabled", body.passkey_auth_enabled);
        f.optional("totp_secret_base64", body.totp_secret_base64, json::max_length{200});
        f.optional("selected_team_id", body.selected_team_id, api::uuid);
    }
};

/// Hashes the password, if there is one.
awaitable<Result<legacy::UserChange>> to_change(api::LegacyContext& ctx, UserBody body);
/// In a transaction of its own. Whoever changes a password ends the user's sessions.
awaitable<Result<http::Response>> change_user(api::LegacyContext& ctx, UserId id, UserBody body);
awaitable<Result<http::Response>> remove_user(api::LegacyContext& ctx, UserId id);

extern const api::DecodedEndpoint list_users, create_user, get_user, update_user, delete_user;
api::LegacyEndpoint get_own_user, update_own_user, delete_own_user;
}  // namespace argon::stack::users
