// What a webhook's receiver reads: one envelope for all events, signed with the branch's key.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/ed25519.hpp"
#include "json/writer.hpp"

namespace argon::webhooks {

namespace events {
inline constexpr std::string_view send_otp = "send.otp";
inline constexpr std::string_view send_magic_link = "send.magic_link";
inline constexpr std::string_view user_before_create = "user.before_create";
inline constexpr std::string_view user_created = "user.created";
inline constexpr std::string_view phone_number_verified = "phone_number.verified";
inline constexpr std::string_view invitation_created = "organization.invitation.created";
inline constexpr std::string_view invitation_accepted = "organization.invitation.accepted";

/// Made up by an operator to try the receiver; sent for nothing that happened.
inline constexpr std::string_view test = "webhook.test";

/// A branch's settings name none but these.
inline constexpr std::array<std::string_view, 7> all{user_before_create,  user_created,         send_otp, send_magic_link, invitation_created,
                                                     invitation_accepted, phone_number_verified};

/// Whoever reads such an event, or the answer of a receiver that repeats it, can sign in.
constexpr bool carries_secret(std::string_view type) { return type == send_otp || type == send_magic_link; }
}  // namespace events

/// What is known of the person; the rest is left out.
struct User {
    std::optional<std::string> id;
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> image;
    std::optional<bool> email_verified;
    std::optional<std::string> phone_number;
    std::optional<bool> phone_number_verified;
    std::optional<TimePoint> created_at;

    static void fields(auto& f, const auto& user) {
        f.optional("id", user.id);
        f.optional("name", user.name);
        f.optional("email", user.email);
        f.optional("image", user.image);
        f.optional("email_verified", user.email_verified);
        f.optional("phone_number", user.phone_number);
        f.optional("phone_number_verified", user.phone_number_verified);
        f.optional("created_at", user.created_at);
    }
};

/// Of all events together; each fills its own part.
struct EventData {
    std::optional<std::string> otp_code;
    std::optional<std::string> otp_type;
    std::optional<std::string> delivery_preference;
    std::optional<std::string> link_type;
    std::optional<std::string> link_url;
    std::optional<std::string> token;
    std::optional<std::string> auth_provider;
    std::optional<std::string> phone_number;
    std::optional<std::string> invitation_id;
    std::optional<std::string> organization_id;
    std::optional<std::string> organization_name;
    std::optional<std::string> invitee_email;
    std::optional<std::string> role;
    std::optional<TimePoint> expires_at;
    std::optional<std::string> ip_address;
    std::optional<std::string> user_agent;

    static void fields(auto& f, const auto& data) {
        f.optional("otp_code", data.otp_code);
        f.optional("otp_type", data.otp_type);
        f.optional("delivery_preference", data.delivery_preference);
        f.optional("link_type", data.link_type);
        f.optional("link_url", data.link_url);
        f.optional("token", data.token);
        f.optional("auth_provider", data.auth_provider);
        f.optional("phone_number", data.phone_number);
        f.optional("invitation_id", data.invitation_id);
        f.optional("organization_id", data.organization_id);
        f.optional("organization_name", data.organization_name);
        f.optional("invitee_email", data.invitee_email);
        f.optional("role", data.role);
        f.optional("expires_at", data.expires_at);
        f.optional("ip_address", data.ip_address);
        f.optional("user_agent", data.user_agent);
    }
};

struct Source {
    std::string endpoint_id;
    std::string project_name;

    static void fields(auto& f, const auto& source) {
        f.required("endpoint_id", source.endpoint_id);
        f.required("project_name", source.project_name);
    }
};

struct Envelope {
    std::string event_id;
    std::string event_type;
    TimePoint timestamp;
    Source context;
    User user;
    EventData event_data;
    /// Of an event that an operator made up to try the receiver.
    std::optional<bool> test{};

    static void fields(auto& f, const auto& envelope) {
        f.required("event_id", envelope.event_id);
        f.required("event_type", envelope.event_type);
        f.required("timestamp", envelope.timestamp);
        f.required("context", envelope.context);
        f.required("user", envelope.user);
        f.required("event_data", envelope.event_data);
        f.optional("test", envelope.test);
    }
};

/// A detached JWS `header..signature`. The body is base64url-encoded, joined to the time, and encoded again: hosted Neon's form.
std::string sign(const crypto::Ed25519Key& key, std::string_view kid, std::string_view timestamp, std::string_view body);
}  // namespace argon::webhooks
