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

struct EmailProviderView {
    identity::EmailProvider stored;

    static void fields(auto& f, const auto& view) {
        const auto& stored = view.stored;
        f.required("type", stored.type);
        if (stored.type == "shared") return;
        f.required("host", stored.host);
        f.required("port", stored.port);
        f.required("username", stored.username);
        f.required("password", masked_password);
        f.required("sender_email", stored.senderEmail);
        f.required("sender_name", stored.senderName);
    }
};

/// The client secret is in no answer.
struct OauthProviderView {
    identity::SocialProvider stored;

    static void fields(auto& f, const auto& view) {
        f.required("id", view.stored.id);
        f.required("type", view.stored.isShared ? "shared" : "standard");
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
