#include "identity/settings.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace argon::identity {
namespace {
constexpr pg::Statement select_settings{"identity.select_settings", R"sql(
    SELECT name, trusted_origins, allow_localhost, email_and_password, plugin_configs, email_provider, webhook_config, social_providers, advanced
      FROM neon_auth.project_config ORDER BY created_at, id LIMIT 1)sql"};

struct SettingsRow {
    std::string name;
    std::string trusted_origins;
    bool allow_localhost;
    std::optional<std::string> email_and_password;
    std::optional<std::string> plugin_configs;
    std::optional<std::string> email_provider;
    std::optional<std::string> webhook_config;
    std::string social_providers;
    std::string advanced;

    static void columns(auto& column, auto& row) {
        column(row.name);
        column(row.trusted_origins);
        column(row.allow_localhost);
        column(row.email_and_password);
        column(row.plugin_configs);
        column(row.email_provider);
        column(row.webhook_config);
        column(row.social_providers);
        column(row.advanced);
    }
};

[[noreturn]] void reject(std::string_view column, std::string_view reason) {
    throw std::runtime_error(fmt::format("neon_auth.project_config.{} is not valid: {}", column, reason));
}

template <class T>
void decode_column(std::string_view column, const std::string& text, T& target) {
    const auto value = json::parse(text);
    if (!value) reject(column, "not readable");
    const auto issues = json::decode(&*value, std::string{column}, target);
    if (!issues.empty()) reject(column, issues);
}

/// Entries are strings, or objects with a `domain` as hosted Neon keeps them.
std::vector<std::string> decode_origins(const std::string& text) {
    const auto value = json::parse(text);
    const auto* list = value ? value->if_array() : nullptr;
    if (!list) reject("trusted_origins", "not a list");
    std::vector<std::string> origins;
    for (const auto& entry : *list) {
        const auto* domain = entry.is_object() ? json::find(entry, "domain") : &entry;
        if (!domain || !domain->is_string()) reject("trusted_origins", "an entry is neither a text nor an object with a domain");
        origins.emplace_back(std::string_view{domain->get_string()});
    }
    return origins;
}

std::vector<SocialProvider> decode_providers(const std::string& text) {
    const auto value = json::parse(text);
    const auto* list = value ? value->if_array() : nullptr;
    if (!list) reject("social_providers", "not a list");
    std::vector<SocialProvider> providers;
    for (const auto& entry : *list) {
        const auto issues = json::decode(&entry, "social_providers", providers.emplace_back());
        if (!issues.empty()) reject("social_providers", issues);
    }
    return providers;
}
}  // namespace

awaitable<Settings> load_settings(pg::Executor& db) {
    const auto rows = co_await db.query(select_settings);
    const auto row = rows.maybe<SettingsRow>();
    if (!row) throw std::runtime_error("neon_auth.project_config has no row");
    Settings settings{
        .application_name = row->name, .trusted_origins = decode_origins(row->trusted_origins), .allow_localhost = row->allow_localhost};
    if (row->email_and_password) decode_column("email_and_password", *row->email_and_password, settings.email_and_password);
    if (row->plugin_configs) decode_column("plugin_configs", *row->plugin_configs, settings.plugins);
    if (row->email_provider) decode_column("email_provider", *row->email_provider, settings.email_provider);
    if (row->webhook_config) decode_column("webhook_config", *row->webhook_config, settings.webhook);
    settings.social_providers = decode_providers(row->social_providers);
    decode_column("advanced", row->advanced, settings.advanced);
    if (settings.advanced.password.minLength > settings.advanced.password.maxLength)
        reject("advanced", "password.minLength exceeds password.maxLength");
    co_return settings;
}
}  // namespace argon::identity
