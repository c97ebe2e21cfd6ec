// The column plugin_configs of neon_auth.project_config: what can be switched on and off, in hosted Neon's spelling.
// SQL may go beyond the limits of the management API; only what no code could work with is refused here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "json/decoder.hpp"

namespace argon::identity {
inline constexpr json::range positive{1, 2'147'483'647};

struct OrganizationPlugin {
    struct Config {
        std::string creatorRole = "owner";
        std::int64_t membershipLimit = 100;
        std::int64_t organizationLimit = 10;
        bool sendInvitationEmail = false;

        static void fields(auto& f, auto& s) {
            f.optional("creatorRole", s.creatorRole, json::one_of{{"admin", "owner"}});
            f.optional("membershipLimit", s.membershipLimit, positive);
            f.optional("organizationLimit", s.organizationLimit, positive);
            f.optional("sendInvitationEmail", s.sendInvitationEmail);
        }
    };
    bool enabled = true;
    Config config;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("config", s.config);
    }
};

/// A web URL, or a path of the app: what a mail may lead to.
struct app_address {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const;
};

/// The member `organization` of the column `advanced`: what hosted Neon fixes.
struct OrganizationRules {
    /// Pending invitations of one organization.
    std::int64_t invitationLimit = 100;
    std::int64_t invitationExpiresIn = 172'800;
    /// To invite an address again withdraws what it was invited by before, instead of being refused.
    bool cancelPendingInvitationsOnReInvite = false;
    /// Only a proven address may look at and answer its invitations. Absent: as signing in asks for it.
    std::optional<bool> requireEmailVerificationOnInvitation;
    /// Where the invitation mail leads, with `?invitationId=`; a path is below the app that invites.
    std::string acceptInvitationUrl = "/auth/accept-invitation";

    static void fields(auto& f, auto& s) {
        f.optional("invitationLimit", s.invitationLimit, json::range{1, 10'000});
        f.optional("invitationExpiresIn", s.invitationExpiresIn, json::range{1, 31'536'000});
        f.optional("cancelPendingInvitationsOnReInvite", s.cancelPendingInvitationsOnReInvite);
        f.optional("requireEmailVerificationOnInvitation", s.requireEmailVerificationOnInvitation);
        f.optional("acceptInvitationUrl", s.acceptInvitationUrl, json::max_length{2048}, app_address{});
    }
};

struct MagicLinkPlugin {
    struct Config {
        std::int64_t expiresIn = 5;  ///< minutes
        bool disableSignUp = false;

        static void fields(auto& f, auto& s) {
            f.optional("expiresIn", s.expiresIn, positive);
            f.optional("disableSignUp", s.disableSignUp);
        }
    };
    bool enabled = false;
    Config config;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("config", s.config);
    }
};

struct PhoneNumberPlugin {
    struct Config {
        std::int64_t otp_expires_in = 300;  ///< seconds
        std::int64_t allowed_attempts = 3;

        static void fields(auto& f, auto& s) {
            f.optional("otp_expires_in", s.otp_expires_in, positive);
            f.optional("allowed_attempts", s.allowed_attempts, positive);
        }
    };
    bool enabled = false;
    Config config;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("config", s.config);
    }
};

struct PluginConfigs {
    OrganizationPlugin organization;
    MagicLinkPlugin magicLink;
    PhoneNumberPlugin phoneNumber;

    static void fields(auto& f, auto& s) {
        f.optional("organization", s.organization);
        f.optional("magicLink", s.magicLink);
        f.optional("phoneNumber", s.phoneNumber);
    }
};
}  // namespace argon::identity
