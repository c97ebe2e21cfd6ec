// Settings of codes and links, and of what accounts may do with themselves: members of `advanced`. Times are seconds;
// docs/configuration.md explains each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/decoder.hpp"

namespace argon::identity {

inline constexpr json::range a_second_to_a_week{1, 604'800};

/// Labels of letters, digits and hyphens: what may stand behind the @ of an address.
struct DomainNameCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const;
};
inline constexpr DomainNameCheck domain_name;

struct EmailVerificationSettings {
    std::int64_t expiresIn = 3600;
    /// Links in mails lead to a page with a button, so that programs which open every link use none up.
    bool confirmPage = false;

    static void fields(auto& f, auto& s) {
        f.optional("expiresIn", s.expiresIn, a_second_to_a_week);
        f.optional("confirmPage", s.confirmPage);
    }
};

struct ChangeEmailSettings {
    bool enabled = false;
    bool confirmToCurrentEmail = false;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("confirmToCurrentEmail", s.confirmToCurrentEmail);
    }
};

struct DeleteUserSettings {
    bool enabled = false;
    bool sendVerification = false;
    std::int64_t tokenExpiresIn = 86'400;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("sendVerification", s.sendVerification);
        f.optional("tokenExpiresIn", s.tokenExpiresIn, a_second_to_a_week);
    }
};

struct UserSettings {
    ChangeEmailSettings changeEmail;
    DeleteUserSettings deleteUser;

    static void fields(auto& f, auto& s) {
        f.optional("changeEmail", s.changeEmail);
        f.optional("deleteUser", s.deleteUser);
    }
};

/// The e-mail OTP plugin's own way to another address, beside the links of user.changeEmail.
struct ChangeEmailByCodeSettings {
    bool enabled = false;
    /// A code sent to the old address must come with the request.
    bool verifyCurrentEmail = false;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("verifyCurrentEmail", s.verifyCurrentEmail);
    }
};

struct EmailOtpSettings {
    std::int64_t otpLength = 6;
    std::int64_t expiresIn = 300;
    std::int64_t allowedAttempts = 3;
    bool disableSignUp = false;
    bool sendVerificationOnSignUp = false;
    /// Codes in place of verification links; absent: as `emailVerificationMethod` says.
    std::optional<bool> overrideDefaultEmailVerification;
    ChangeEmailByCodeSettings changeEmail;

    static void fields(auto& f, auto& s) {
        f.optional("otpLength", s.otpLength, json::range{4, 12});
        f.optional("expiresIn", s.expiresIn, a_second_to_a_week);
        f.optional("allowedAttempts", s.allowedAttempts, json::range{1, 100});
        f.optional("disableSignUp", s.disableSignUp);
        f.optional("sendVerificationOnSignUp", s.sendVerificationOnSignUp);
        f.optional("overrideDefaultEmailVerification", s.overrideDefaultEmailVerification);
        f.optional("changeEmail", s.changeEmail);
    }
};

struct MagicLinkSettings {
    std::optional<std::int64_t> expiresIn;  ///< absent: the plugin's minutes

    static void fields(auto& f, auto& s) { f.optional("expiresIn", s.expiresIn, a_second_to_a_week); }
};

struct PhoneSettings {
    std::int64_t otpLength = 6;
    /// A password signs in only when the number is verified.
    bool requireVerification = false;
    bool signUpOnVerification = false;
    /// A user who signs up by phone gets the address `<digits>@<this domain>`, which nobody can receive mail at.
    std::string temporaryEmailDomain = "phone.invalid";

    static void fields(auto& f, auto& s) {
        f.optional("otpLength", s.otpLength, json::range{4, 12});
        f.optional("requireVerification", s.requireVerification);
        f.optional("signUpOnVerification", s.signUpOnVerification);
        f.optional("temporaryEmailDomain", s.temporaryEmailDomain, domain_name, json::max_length{200});
    }
};

/// Whether a social account joins the user with the same address.
struct LinkingSettings {
    bool enabled = true;
    std::vector<std::string> trustedProviders;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("trustedProviders", s.trustedProviders);
    }
};
}  // namespace argon::identity
