#include "branches/integration_records.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "crypto/encoding.hpp"
#include "crypto/envelope.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "json/decoder.hpp"

namespace argon::branches {
namespace {
// One query for all of it: every request of an app asks.
#define ARGON_INTEGRATION_COLUMNS                                                                                                      \
    "SELECT l.project_uuid, l.project_id, l.branch_id, i.database_name, l.display_name, i.owned_by, l.transfer_status, i.created_at, " \
    "       l.config, l.email_server, "                                                                                                \
    "       (SELECT coalesce(jsonb_agg(jsonb_build_object('domain', d.domain, 'handler_path', d.handler_path) "                        \
    "                                  ORDER BY d.created_at, d.domain), '[]') "                                                       \
    "          FROM argonauth.legacy_domain d WHERE d.project_uuid = l.project_uuid), "                                                \
    "       (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object("                                                          \
    "                    'id', o.id, 'client_id', o.client_id, 'sealed_client_secret', o.sealed_client_secret, "                       \
    "                    'microsoft_tenant_id', o.microsoft_tenant_id)) ORDER BY o.created_at, o.id), '[]') "                          \
    "          FROM argonauth.legacy_oauth_provider o WHERE o.project_uuid = l.project_uuid) "                                         \
    "  FROM argonauth.legacy_integration l "                                                                                           \
    "  JOIN argonauth.auth_integration i ON i.branch_id = l.branch_id AND i.auth_provider = 'stack' "                                  \
    "  JOIN argonauth.branch b ON b.id = l.branch_id AND b.state = 'ready' "

constexpr pg::Statement select_by_uuid{"branches.find_legacy_by_uuid", ARGON_INTEGRATION_COLUMNS "WHERE l.project_uuid = $1"};
constexpr pg::Statement select_by_project{"branches.find_legacy_by_project", ARGON_INTEGRATION_COLUMNS "WHERE l.project_id = $1"};

constexpr pg::Statement insert_keys{"branches.insert_legacy_keys", R"sql(
    INSERT INTO argonauth.legacy_key (project_uuid, description, publishable_hash, publishable_last_four, secret_hash, secret_last_four)
    VALUES ($1, $2, $3, $4, $5, $6))sql"};

constexpr pg::Statement select_keys{"branches.list_legacy_keys", R"sql(
    SELECT id, description, publishable_last_four, secret_last_four, created_at
      FROM argonauth.legacy_key WHERE project_uuid = $1 AND revoked_at IS NULL ORDER BY id)sql"};

constexpr pg::Statement revoke_keys{"branches.revoke_legacy_keys", R"sql(
    UPDATE argonauth.legacy_key SET revoked_at = now() WHERE project_uuid = $1 AND id = $2 AND revoked_at IS NULL RETURNING id)sql"};

constexpr pg::Statement select_publishable{"branches.check_publishable_key", R"sql(
    SELECT id FROM argonauth.legacy_key WHERE publishable_hash = $2 AND project_uuid = $1 AND revoked_at IS NULL)sql"};

constexpr pg::Statement select_secret{"branches.check_secret_server_key", R"sql(
    SELECT id FROM argonauth.legacy_key WHERE secret_hash = $2 AND project_uuid = $1 AND revoked_at IS NULL)sql"};

struct IntegrationRow {
    Integration integration;
    std::string config, email_server, domains, oauth_providers;

    static void columns(auto& column, auto& row) {
        auto& it = row.integration;
        column(it.project_uuid)(it.project_id)(it.branch_id)(it.database)(it.display_name)(it.owned_by)(it.transfer_status)(it.created_at);
        column(row.config)(row.email_server)(row.domains)(row.oauth_providers);
    }
};

/// The list decoder wants an object around a list.
struct Lists {
    std::vector<LegacyDomain> domains;
    std::vector<LegacyOauthProvider> oauth_providers;

    static void fields(auto& f, auto& lists) {
        f.required("domains", lists.domains);
        f.required("oauth_providers", lists.oauth_providers);
    }
};

template <class T>
void read_column(const std::string& text, std::string_view column, T& target) {
    const auto value = json::parse(text);
    const auto issues = json::decode(value ? &*value : nullptr, std::string{column}, target);
    if (!issues.empty()) throw std::runtime_error("argonauth.legacy_integration: " + issues);
}

std::optional<Integration> read_integration(const pg::Rows& rows) {
    auto row = rows.maybe<IntegrationRow>();
    if (!row) return {};
    read_column(row->config, "config", row->integration.config);
    read_column(row->email_server, "email_server", row->integration.email_server);
    Lists lists;
    read_column(fmt::format(R"({{"domains":{},"oauth_providers":{}}})", row->domains, row->oauth_providers), "lists", lists);
    row->integration.domains = std::move(lists.domains);
    row->integration.oauth_providers = std::move(lists.oauth_providers);
    return std::move(row->integration);
}

std::string hash_key(std::string_view key) { return crypto::hex_encode(crypto::sha256(key)); }

/// Nobody's key is longer or has other characters; what is neither never reaches the database.
bool is_key(std::string_view key, std::string_view prefix) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return key.size() <= 100 && key.starts_with(prefix) && std::ranges::all_of(key, allowed);
}

std::string place_of(const std::string& project_uuid, std::string_view place) {
    return fmt::format("argonauth.legacy_integration|{}|{}", project_uuid, place);
}

constexpr std::string_view purpose = "legacy provider settings";
}  // namespace

awaitable<std::optional<Integration>> find_integration(pg::Executor& control, std::string_view project_uuid) {
    if (!is_uuid(project_uuid)) co_return std::nullopt;
    const auto rows = co_await control.query(select_by_uuid, project_uuid);
    co_return read_integration(rows);
}

awaitable<std::optional<Integration>> find_legacy_integration(pg::Executor& control, const ProjectId& project) {
    const auto rows = co_await control.query(select_by_project, project);
    co_return read_integration(rows);
}

std::string random_base32() { return crypto::random_text(45, "0123456789abcdefghjkmnpqrstvwxyz"); }

awaitable<LegacyKeyPair> insert_legacy_keys(pg::Executor& control, const std::string& project_uuid, const std::string& description) {
    const auto publishable = "pck_" + random_base32();
    const auto secret = "ssk_" + random_base32();
    co_await control.query(insert_keys, project_uuid, description, hash_key(publishable), publishable.substr(publishable.size() - 4),
                           hash_key(secret), secret.substr(secret.size() - 4));
    co_return LegacyKeyPair{Secret<>{publishable}, Secret<>{secret}};
}

awaitable<std::vector<LegacyKey>> list_legacy_keys(pg::Executor& control, const std::string& project_uuid) {
    const auto rows = co_await control.query(select_keys, project_uuid);
    co_return rows.all<LegacyKey>();
}

awaitable<bool> revoke_legacy_keys(pg::Executor& control, const std::string& project_uuid, std::int64_t id) {
    const auto rows = co_await control.query(revoke_keys, project_uuid, id);
    co_return !rows.empty();
}

awaitable<bool> is_publishable_key(pg::Executor& control, std::string_view project_uuid, std::string_view key) {
    if (!is_uuid(project_uuid) || !is_key(key, "pck_")) co_return false;
    const auto rows = co_await control.query(select_publishable, project_uuid, hash_key(key));
    co_return !rows.empty();
}

awaitable<bool> is_secret_server_key(pg::Executor& control, std::string_view project_uuid, std::string_view key) {
    if (!is_uuid(project_uuid) || !is_key(key, "ssk_")) co_return false;
    const auto rows = co_await control.query(select_secret, project_uuid, hash_key(key));
    co_return !rows.empty();
}

std::string client_secret_of(std::string_view provider) { return fmt::format("oauth_provider|{}|client_secret", provider); }

std::string seal_legacy_secret(const crypto::MasterKey& master, const std::string& project_uuid, std::string_view place, std::string_view secret) {
    return crypto::seal(master.derive(purpose), secret, place_of(project_uuid, place));
}

Secret<> open_legacy_secret(const crypto::MasterKey& master, const std::string& project_uuid, std::string_view place, const std::string& sealed) {
    auto opened = crypto::open(master.derive(purpose), sealed, place_of(project_uuid, place));
    if (!opened) throw std::runtime_error(fmt::format("a secret of legacy project {} does not open with this master key", project_uuid));
    return Secret<>{std::move(*opened)};
}
}  // namespace argon::branches
