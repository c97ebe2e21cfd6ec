// Settings as answers show them, alone and together in GET plugins: hosted Neon's column, in the management API's spelling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/delivery_settings.hpp"
#include "identity/settings.hpp"
#include "identity/social_settings.hpp"
#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {

struct EmailAndPasswordView {
    identity::EmailAndPassword stored;

    static void fields(auto& f, const auto& view) {
        f.required("enabled", view.stored.enabled);
        f.required("email_verification_method", view.stored.emailVerificationMethod);
        f.required("require_email_verification", view.stored.requireEmailVerification);
        f.required("auto_sign_in_after_verification", view.stored.autoSignInAfterVerification);
        f.required("send_verification_email_on_sign_up", view.stored.sendVerificationEmailOnSignUp);
        f.required("send_verification_email_on_sign_in", view.stored.sendVerificationEmailOnSignIn);
        f.required("disable_sign_up", view.stored.disableSignUp);
    }
};

/// Stands for the password of the mail server wherever one is shown; sent back, it means the stored one.
inline constexpr std::string_view masked_password = "********";

/// Of the operator's server there is nothing to see.
struct EmailProviderView {
    std::string type;
    std::optional<std::string> host;
    std::optional<std::int64_t> port;
    std::optional<std::string> username;
    std::optional<std::string> password;
    std::optional<std::string> sender_email;
    std::optional<std::string> sender_name;

    static void fields(auto& f, const auto& view) {
        f.required("type", view.type, json::one_of{{"standard", "shared"}});
        f.optional("host", view.host);
        f.optional("port", view.port);
        f.optional("username", view.username);
        f.optional("password", view.password);
        f.optional("sender_email", view.sender_email);
        f.optional("sender_name", view.sender_name);
    }
};
EmailProviderView make_view(const identity::EmailProvider& stored);

/// The client secret is in no answer.
struct OauthProviderView {
    identity::SocialProvider stored;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.stored.id);
        f.required("type", view.stored.isShared ? "shared" : "standard", json::one_of{{"standard", "shared"}});
        f.optional("client_id", view.stored.clientId);
    }
};

struct OrganizationView {
    identity::OrganizationPlugin stored;

    static void fields(auto& f, const auto& view) {
        f.required("enabled", view.stored.enabled);
        f.required("organization_limit", view.stored.config.organizationLimit);
        f.required("membership_limit", view.stored.config.membershipLimit);
        f.required("creator_role", view.stored.config.creatorRole);
        f.required("send_invitation_email", view.stored.config.sendInvitationEmail);
    }
};

struct MagicLinkView {
    identity::MagicLinkPlugin stored;

    static void fields(auto& f, const auto& view) {
        f.required("enabled", view.stored.enabled);
        f.required("expires_in", view.stored.config.expiresIn);
        f.required("disable_sign_up", view.stored.config.disableSignUp);
    }
};

struct PhoneNumberView {
    identity::PhoneNumberPlugin stored;

    static void fields(auto& f, const auto& view) {
        f.required("enabled", view.stored.enabled);
        f.required("otp_expires_in", view.stored.config.otp_expires_in);
    }
};

inline Result<identity::EmailAndPassword> decode_email_and_password(const SettingsRow& row) {
    return decode_column<identity::EmailAndPassword>("email_and_password", row.email_and_password);
}
inline Result<identity::EmailProvider> decode_email_provider(const SettingsRow& row) {
    return decode_column<identity::EmailProvider>("email_provider", row.email_provider);
}
inline Result<identity::PluginConfigs> decode_plugins(const SettingsRow& row) {
    return decode_column<identity::PluginConfigs>("plugin_configs", row.plugin_configs);
}
/// The providers the API knows; whatever else the list holds is nobody's business here.
Result<std::vector<identity::SocialProvider>> decode_social_providers(const SettingsRow& row);
}  // namespace argon::management::branch_auth
