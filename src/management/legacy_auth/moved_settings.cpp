#include "management/legacy_auth/moved_settings.hpp"

#include "identity/branch_secrets.hpp"

namespace argon::management::legacy_auth {
namespace {
json::Array social_providers(const crypto::MasterKey& master, const branches::Integration& integration) {
    json::Array list;
    for (const auto& provider : integration.oauth_providers) {
        json::Object entry{{"id", provider.id}, {"isShared", provider.is_shared()}};
        if (provider.client_id) entry["clientId"] = *provider.client_id;
        if (provider.sealed_client_secret) {
            const auto place = branches::client_secret_of(provider.id);
            const auto secret = branches::open_legacy_secret(master, integration.project_uuid, place, *provider.sealed_client_secret);
            entry["clientSecret"] = identity::seal_branch_secret(master, identity::client_secret_place(provider.id), secret.reveal());
        }
        if (provider.microsoft_tenant_id) entry["microsoftTenantId"] = *provider.microsoft_tenant_id;
        list.emplace_back(std::move(entry));
    }
    return list;
}

json::Object email_provider(const crypto::MasterKey& master, const branches::Integration& integration) {
    const auto& server = integration.email_server;
    if (server.type != "standard" || !server.sealed_password) return {{"type", "shared"}};
    const auto password = branches::open_legacy_secret(master, integration.project_uuid, branches::email_password, *server.sealed_password);
    return {{"type", "standard"},
            {"host", server.host.value_or("")},
            {"port", server.port.value_or(587)},
            {"username", server.username.value_or("")},
            {"password", identity::seal_branch_secret(master, identity::email_password_place, password.reveal())},
            {"senderEmail", server.sender_email.value_or("")},
            {"senderName", server.sender_name.value_or("")}};
}
}  // namespace

json::Object make_settings(const crypto::MasterKey& master, const branches::Integration& integration) {
    const auto& config = integration.config;
    json::Array domains;
    for (const auto& item : integration.domains) domains.emplace_back(item.domain);
    return {{"name", integration.display_name},
            {"trusted_origins", std::move(domains)},
            {"allow_localhost", config.allow_localhost},
            {"social_providers", social_providers(master, integration)},
            {"email_provider", email_provider(master, integration)},
            {"email_and_password", json::Object{{"enabled", config.credential_enabled}, {"disableSignUp", !config.sign_up_enabled}}},
            {"plugin_configs", json::Object{{"magicLink", json::Object{{"enabled", config.magic_link_enabled}}}}}};
}
}  // namespace argon::management::legacy_auth
