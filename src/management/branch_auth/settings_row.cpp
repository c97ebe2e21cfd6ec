#include "management/branch_auth/settings_row.hpp"

namespace argon::management::branch_auth {
namespace {
// The row that identity::load_settings reads.
#define ARGON_SETTINGS_QUERY                                                                                                    \
    "SELECT id, name, allow_localhost, trusted_origins, social_providers, email_provider, email_and_password, plugin_configs, " \
    "webhook_config, advanced FROM neon_auth.project_config ORDER BY created_at, id LIMIT 1"

constexpr pg::Statement select_row{"management.select_settings", ARGON_SETTINGS_QUERY};
constexpr pg::Statement lock_row{"management.lock_settings", ARGON_SETTINGS_QUERY " FOR UPDATE"};

constexpr pg::Statement update_row{"management.update_settings", R"sql(
    UPDATE neon_auth.project_config
       SET name = coalesce($2, name), allow_localhost = coalesce($3, allow_localhost), trusted_origins = coalesce($4, trusted_origins),
           social_providers = coalesce($5, social_providers), email_provider = coalesce($6, email_provider),
           email_and_password = coalesce($7, email_and_password), plugin_configs = coalesce($8, plugin_configs),
           webhook_config = coalesce($9, webhook_config), advanced = coalesce($10, advanced), updated_at = now()
     WHERE id = $1)sql"};

constexpr ErrorSpec no_row{422, "", "neon_auth.project_config has no row; disable auth on the branch and enable it again"};

struct TextRow {
    SettingsRow row;
    std::optional<std::string> trusted_origins, social_providers, email_provider, email_and_password, plugin_configs, webhook_config, advanced;

    static void columns(auto& column, auto& text) {
        column(text.row.id)(text.row.name)(text.row.allow_localhost)(text.trusted_origins)(text.social_providers)(text.email_provider);
        column(text.email_and_password)(text.plugin_configs)(text.webhook_config)(text.advanced);
    }
};

/// False for JSON that is nested deeper than any setting.
bool parse_into(const std::optional<std::string>& text, json::Value& target) {
    if (!text) return true;
    auto value = json::parse(*text);
    if (value) target = std::move(*value);
    return value.has_value();
}

Result<SettingsRow> parse(std::optional<TextRow> text) {
    if (!text) return refuse(no_row);
    auto& row = text->row;
    const bool readable = parse_into(text->trusted_origins, row.trusted_origins) && parse_into(text->social_providers, row.social_providers) &&
                          parse_into(text->email_provider, row.email_provider) && parse_into(text->email_and_password, row.email_and_password) &&
                          parse_into(text->plugin_configs, row.plugin_configs) && parse_into(text->webhook_config, row.webhook_config) &&
                          parse_into(text->advanced, row.advanced);
    if (!readable) return refuse_with({422, "", ""}, "neon_auth.project_config: a column is nested too deeply");
    return std::move(row);
}

std::optional<std::string> difference(const json::Value& before, const json::Value& after) {
    if (before == after) return {};
    return json::to_text(after);
}
}  // namespace

awaitable<Result<SettingsRow>> read_settings(api::ManagementContext& ctx) {
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto rows = co_await database->pool->query(select_row);
    co_return parse(rows.maybe<TextRow>());
}

SettingsChange::SettingsChange(api::ManagementContext& ctx, api::BranchDatabase database, pg::Transaction tx, SettingsRow found)
    : row(found), ctx_(ctx), database_(std::move(database)), tx_(std::move(tx)), stored_(std::move(found)) {}

awaitable<Result<SettingsChange>> SettingsChange::begin(api::ManagementContext& ctx) {
    auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    auto tx = co_await database->pool->begin();
    const auto rows = co_await tx.query(lock_row);
    auto found = parse(rows.maybe<TextRow>());
    if (!found) co_return std::unexpected(found.error());
    co_return SettingsChange{ctx, std::move(*database), std::move(tx), std::move(*found)};
}

awaitable<> SettingsChange::commit() {
    std::optional<std::string> name;
    if (row.name != stored_.name) name = row.name;
    std::optional<bool> allow_localhost;
    if (row.allow_localhost != stored_.allow_localhost) allow_localhost = row.allow_localhost;
    co_await tx_.query(update_row, row.id, name, allow_localhost, difference(stored_.trusted_origins, row.trusted_origins),
                       difference(stored_.social_providers, row.social_providers), difference(stored_.email_provider, row.email_provider),
                       difference(stored_.email_and_password, row.email_and_password), difference(stored_.plugin_configs, row.plugin_configs),
                       difference(stored_.webhook_config, row.webhook_config), difference(stored_.advanced, row.advanced));
    co_await tx_.commit();
    ctx_.services.registry.note_new_settings(database_.branch);
}

void patch(json::Value& target, const json::Value& change) {
    const auto* members = change.if_object();
    if (!members) {
        target = change;
        return;
    }
    if (!target.is_object()) target = json::Object{};
    auto& object = target.get_object();
    for (const auto& member : *members) {
        if (member.value().is_null())
            object.erase(member.key());
        else
            patch(object[member.key()], member.value());
    }
}

void merge(json::Value& target, const json::Value& change) {
    const auto* members = change.if_object();
    if (!members) {
        target = change;
        return;
    }
    if (!target.is_object()) target = json::Object{};
    for (const auto& member : *members) merge(target.get_object()[member.key()], member.value());
}
}  // namespace argon::management::branch_auth
