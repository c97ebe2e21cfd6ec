// How a branch's mails and events leave it: the columns email_provider and webhook_config of neon_auth.project_config.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/decoder.hpp"

namespace argon::identity {

/// `shared` is the operator's mail server; `standard` the branch's own.
struct EmailProvider {
    std::string type = "shared";
    std::string host;
    std::int64_t port = 587;
    std::string username;
    /// As stored: plain text when set by SQL, sealed (`v1:`) when set over the management API. See branch_secrets.hpp.
    std::string password;
    std::string senderEmail;
    std::string senderName;
    /// `tls` or `starttls`; empty: by the port.
    std::string security;

    static void fields(auto& f, auto& s) {
        f.optional("type", s.type, json::one_of{{"shared", "standard"}});
        f.optional("host", s.host, json::max_length{253});
        f.optional("port", s.port, json::range{1, 65'535});
        f.optional("username", s.username, json::max_length{512});
        f.optional("password", s.password, json::max_length{4096});
        f.optional("senderEmail", s.senderEmail, json::max_length{320});
        f.optional("senderName", s.senderName, json::max_length{256});
        f.optional("security", s.security, json::one_of{{"", "tls", "starttls"}});
    }
};

struct WebhookConfig {
    bool enabled = false;
    std::string webhookUrl;
    std::vector<std::string> enabledEvents;
    std::int64_t timeoutSeconds = 5;

    static void fields(auto& f, auto& s) {
        f.optional("enabled", s.enabled);
        f.optional("webhookUrl", s.webhookUrl, json::max_length{2048});
        f.optional("enabledEvents", s.enabledEvents);
        f.optional("timeoutSeconds", s.timeoutSeconds, json::range{1, 10});
    }
    bool wants(std::string_view event) const {
        return enabled && !webhookUrl.empty() && std::ranges::find(enabledEvents, event) != enabledEvents.end();
    }
};

/// The member `delivery` of `advanced`.
struct DeliverySettings {
    /// Which codes the event send.otp takes over: all of them, or those for phones alone while mails stay mails.
    std::string codesByWebhook = "all";

    static void fields(auto& f, auto& s) { f.optional("codesByWebhook", s.codesByWebhook, json::one_of{{"all", "phone"}}); }
};

/// A branch's own words for one mail; absent parts stay as they are. `{{variables}}` are replaced, escaped in the HTML.
struct MailTemplate {
    std::optional<std::string> subject;
    std::optional<std::string> text;
    std::optional<std::string> html;

    static void fields(auto& f, auto& s) {
        f.optional("subject", s.subject, json::max_length{500});
        f.optional("text", s.text, json::max_length{100'000});
        f.optional("html", s.html, json::max_length{200'000});
    }
};

/// The member `mailTemplates` of `advanced`, by the name of the mail.
struct MailTemplates {
    MailTemplate signInCode, verificationCode, resetCode, phoneCode;
    MailTemplate verificationLink, resetLink, magicLink, changeEmailLink, deleteAccountLink;
    MailTemplate invitation;

    static void fields(auto& f, auto& s) {
        f.optional("signInCode", s.signInCode);
        f.optional("verificationCode", s.verificationCode);
        f.optional("resetCode", s.resetCode);
        f.optional("phoneCode", s.phoneCode);
        f.optional("verificationLink", s.verificationLink);
        f.optional("resetLink", s.resetLink);
        f.optional("magicLink", s.magicLink);
        f.optional("changeEmailLink", s.changeEmailLink);
        f.optional("deleteAccountLink", s.deleteAccountLink);
        f.optional("invitation", s.invitation);
    }
};
}  // namespace argon::identity
