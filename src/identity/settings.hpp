// The auth settings of a branch: one row of neon_auth.project_config, whose members keep hosted Neon's spelling, plus its
// `advanced` column for what hosted Neon fixes. Times are seconds unless a name says otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "identity/delivery_settings.hpp"
#include "identity/one_time_settings.hpp"
#include "identity/plugin_settings.hpp"
#include "identity/social_settings.hpp"
#include "json/decoder.hpp"
#include "pg/executor.hpp"

namespace argon::identity {

struct EmailAndPassword {
    bool enabled = true;
    bool disableSignUp = false;
    std::string emailVerificationMethod = "otp";
    bool requireEmailVerification = false;
    bool autoSignInAfterVerification = true;
    bool sendVerificationEmailOnSignIn = false;
    bool sendVerificationEmailOnSignUp = false;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("disableSignUp", s.disableSignUp);
        f.optional("emailVerificationMethod", s.emailVerificationMethod, json::one_of{{"otp", "link"}});
        f.optional("requireEmailVerification", s.requireEmailVerification);
        f.optional("autoSignInAfterVerification", s.autoSignInAfterVerification);
        f.optional("sendVerificationEmailOnSignIn", s.sendVerificationEmailOnSignIn);
        f.optional("sendVerificationEmailOnSignUp", s.sendVerificationEmailOnSignUp);
    }
};

inline constexpr json::range up_to_a_year{1, 31'536'000};
inline constexpr json::range no_bound_below_zero{0, 31'536'000};

/// What may stand in the name of a cookie (RFC 6265, section 4.1.1); anything else could end the name and begin an attribute.
struct CookieNameCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    void describe(json::Object& schema) const;
};
inline constexpr CookieNameCheck cookie_name;

struct CookieSettings {
    std::string prefix = "neon-auth";
    bool secure = true;
    std::string sameSite = "none";
    bool partitioned = true;
    /// Life of the session_data cookie; 0 leaves it out.
    std::int64_t cacheMaxAge = 0;

    static void fields(auto& f, auto& s) {
        f.optional("prefix", s.prefix, cookie_name, json::max_length{64});
        f.optional("secure", s.secure);
        f.optional("sameSite", s.sameSite, json::one_of{{"none", "lax", "strict"}});
        f.optional("partitioned", s.partitioned);
        f.optional("cacheMaxAge", s.cacheMaxAge, no_bound_below_zero);
    }
};

struct PasswordSettings {
    std::int64_t minLength = 8;
    std::int64_t maxLength = 128;
    bool autoSignIn = true;
    std::int64_t resetTokenExpiresIn = 3600;
    bool revokeSessionsOnReset = false;
    /// Refuses passwords that everybody tries first.
    bool blockCommon = false;

    static void fields(auto& f, auto& s) {
        f.optional("minLength", s.minLength, json::range{1, 128});
        f.optional("maxLength", s.maxLength, json::range{1, 1024});
        f.optional("autoSignIn", s.autoSignIn);
        f.optional("resetTokenExpiresIn", s.resetTokenExpiresIn, a_second_to_a_week);
        f.optional("revokeSessionsOnReset", s.revokeSessionsOnReset);
        f.optional("blockCommon", s.blockCommon);
    }
};

struct SessionSettings {
    std::int64_t expiresIn = 604'800;
    std::int64_t updateAge = 86'400;
    std::int64_t freshAge = 86'400;

    static void fields(auto& f, auto& s) {
        f.optional("expiresIn", s.expiresIn, up_to_a_year);
        f.optional("updateAge", s.updateAge, no_bound_below_zero);
        f.optional("freshAge", s.freshAge, no_bound_below_zero);
    }
};

struct JwtSettings {
    std::string jwksPath = "/.well-known/jwks.json";
    std::int64_t expiresIn = 900;

    static void fields(auto& f, auto& s) {
        f.optional("jwksPath", s.jwksPath, json::one_of{{"/.well-known/jwks.json", "/jwks"}});
        f.optional("expiresIn", s.expiresIn, json::range{1, 86'400});
    }
};

struct RateLimitSettings {
    std::optional<bool> enabled;  ///< absent: the server's own default

    static void fields(auto& f, auto& s) { f.optional("enabled", s.enabled); }
};

/// As stored, sealed or not. Described as clients see it: their own text, or the mask that stands for the stored one.
struct ImportedSecretCheck {
    std::optional<std::string> operator()(std::string_view text) const;
    static void describe(json::Object& schema) {
        schema["minLength"] = 8;
        schema["maxLength"] = 1024;
    }
};

struct Advanced {
    /// Signs cookies instead of the branch's derived key: the secret of a Better Auth app that moves here. As stored: sealed when it
    /// came over the management API, in clear when it was set by SQL (branch_secrets.hpp).
    std::optional<std::string> secret;
    CookieSettings cookies;
    PasswordSettings password;
    SessionSettings session;
    JwtSettings jwt;
    RateLimitSettings rateLimit;
    EmailVerificationSettings emailVerification;
    UserSettings user;
    EmailOtpSettings emailOtp;
    MagicLinkSettings magicLink;
    PhoneSettings phone;
    OrganizationRules organization;
    LinkingSettings linking;
    SocialSettings social;
    MailTemplates mailTemplates;
    DeliverySettings delivery;

    static void fields(auto& f, auto& s) {
        f.optional("secret", s.secret, ImportedSecretCheck{});
        f.optional("cookies", s.cookies);
        f.optional("password", s.password);
        f.optional("session", s.session);
        f.optional("jwt", s.jwt);
        f.optional("rateLimit", s.rateLimit);
        f.optional("emailVerification", s.emailVerification);
        f.optional("user", s.user);
        f.optional("emailOtp", s.emailOtp);
        f.optional("magicLink", s.magicLink);
        f.optional("phone", s.phone);
        f.optional("organization", s.organization);
        f.optional("linking", s.linking);
        f.optional("social", s.social);
        f.optional("mailTemplates", s.mailTemplates);
        f.optional("delivery", s.delivery);
    }
};

struct Settings {
    std::string application_name;
    std::vector<std::string> trusted_origins;
    bool allow_localhost = true;
    EmailAndPassword email_and_password;
    PluginConfigs plugins;
    EmailProvider email_provider;
    WebhookConfig webhook;
    std::vector<SocialProvider> social_providers;
    Advanced advanced;

    /// Addresses are proven by codes, not links.
    bool verifies_by_code() const {
        return advanced.emailOtp.overrideDefaultEmailVerification.value_or(email_and_password.emailVerificationMethod == "otp");
    }
    std::int64_t magic_link_life() const { return advanced.magicLink.expiresIn.value_or(plugins.magicLink.config.expiresIn * 60); }
};

/// Fields that are right by themselves and wrong together: the sentence that names them.
std::optional<std::string> find_conflict(const Advanced& advanced);

/// Reads the row. Throws std::runtime_error that names the column and member which do not fit, or when there is no row:
/// a branch with settings that nobody can read serves nobody rather than everybody.
awaitable<Settings> load_settings(pg::Executor& db);
}  // namespace argon::identity
