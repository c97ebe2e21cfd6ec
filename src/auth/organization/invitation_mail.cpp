#include "auth/organization/invitation_mail.hpp"

namespace argon::auth::organization {
namespace {
bool is_web_origin(std::string_view text) {
    const auto url = http::parse_url(text);
    return url && url->origin() == text;
}

/// The app that invites: the page's origin, if it is a trusted one, else the first trusted origin, else the service's own.
std::string app_origin(const api::Context& ctx) {
    const auto origin = ctx.request.fields.get("Origin");
    if (is_web_origin(origin) && ctx.auth->trusted.trusts_origin(origin)) return std::string{origin};
    for (const auto& trusted : ctx.settings().trusted_origins) {
        if (is_web_origin(trusted)) return trusted;
    }
    return ctx.origin();
}

std::string accept_url(const api::Context& ctx, const Invitation& invitation) {
    const auto& target = ctx.settings().advanced.organization.acceptInvitationUrl;
    const auto base = target.starts_with('/') ? app_origin(ctx) + target : target;
    return base + (base.find('?') == std::string::npos ? "?" : "&") + "invitationId=" + invitation.id;
}
}  // namespace

bool sends_invitation_mail(const api::Context& ctx) { return ctx.settings().plugins.organization.config.sendInvitationEmail; }

api::InvitationMessage invitation_message(const api::Context& ctx, const Invitation& invitation, const Organization& organization) {
    return {.id = invitation.id,
            .to = invitation.email,
            .url = sends_invitation_mail(ctx) ? accept_url(ctx, invitation) : std::string{},
            .role = invitation.role.value_or("member"),
            .organization = organization.id,
            .organization_name = organization.name,
            .life = std::chrono::duration_cast<std::chrono::seconds>(invitation.expires_at - ctx.now)};
}
}  // namespace argon::auth::organization
