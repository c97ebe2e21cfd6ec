#include "identity/settings.hpp"

#include <algorithm>
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

std::optional<std::string> ImportedSecretCheck::operator()(std::string_view text) const {
    if (auto complaint = json::min_length{32}(text)) return complaint;
    return json::max_length{4096}(text);
}

std::optional<std::string> CookieNameCheck::operator()(std::string_view text) const {
    constexpr std::string_view separators = "()<>@,;:\\\"/[]?={}";
    const auto fits = [&](char c) { return c > 0x20 && c < 0x7f && separators.find(c) == separators.npos; };
    if (!text.empty() && std::ranges::all_of(text, fits)) return {};
    return "Invalid string: must be letters, digits or !#$%&'*+-.^_`|~";
}

void CookieNameCheck::describe(json::Object& schema) const { schema["pattern"] = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"; }

std::optional<std::string> DomainNameCheck::operator()(std::string_view text) const {
    const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    char before = '.';
    for (const char c : text) {
        const bool fits = is_word(c) || (c == '-' && before != '.') || (c == '.' && is_word(before));
        if (!fits) return "Invalid string: must be a domain name";
        before = c;
    }
    if (!is_word(before)) return "Invalid string: must be a domain name";
    return {};
}

void DomainNameCheck::describe(json::Object& schema) const {
    schema["pattern"] = R"(^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$)";
}

std::optional<std::string> find_conflict(const Advanced& advanced) {
    if (advanced.password.minLength > advanced.password.maxLength) return "password.minLength exceeds password.maxLength";
    return {};
}

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
    if (const auto conflict = find_conflict(settings.advanced)) reject("advanced", *conflict);
    co_return settings;
}
}  // namespace argon::identity
