#include "branches/integration_changes.hpp"

#include <stdexcept>

#include "json/decoder.hpp"
#include "json/writer.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement insert_integration_row{"branches.insert_legacy_integration", R"sql(
    WITH made AS (INSERT INTO argonauth.legacy_integration (project_uuid, project_id, branch_id, display_name) VALUES ($1, $2, $3, $4)
                  ON CONFLICT DO NOTHING RETURNING project_uuid),
         providers AS (INSERT INTO argonauth.legacy_oauth_provider (project_uuid, id, created_at)
                       SELECT m.project_uuid, p.id, now() FROM made m, (VALUES ('github'), ('google')) p (id))
    SELECT true FROM made)sql"};

constexpr pg::Statement delete_integration_row{"branches.delete_legacy_integration", "DELETE FROM argonauth.legacy_integration WHERE branch_id = $1"};

// Requests side by side may get a few past the limit, which only keeps the list from growing for ever.
constexpr pg::Statement insert_domain_row{"branches.insert_legacy_domain", R"sql(
    INSERT INTO argonauth.legacy_domain (project_uuid, domain)
    SELECT $1::uuid, $2::text WHERE (SELECT count(*) FROM argonauth.legacy_domain WHERE project_uuid = $1::uuid) < $3::int
    ON CONFLICT DO NOTHING RETURNING true)sql"};

constexpr pg::Statement select_domain{"branches.find_legacy_domain",
                                      "SELECT true FROM argonauth.legacy_domain WHERE project_uuid = $1 AND domain = $2"};

constexpr pg::Statement delete_domain_rows{"branches.delete_legacy_domains", R"sql(
    DELETE FROM argonauth.legacy_domain WHERE project_uuid = $1 AND domain = ANY ($2::text[]))sql"};

constexpr pg::Statement insert_provider_row{"branches.insert_legacy_provider", R"sql(
    INSERT INTO argonauth.legacy_oauth_provider AS o (project_uuid, id, client_id, sealed_client_secret, microsoft_tenant_id)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (project_uuid, id) DO UPDATE
       SET client_id = excluded.client_id, sealed_client_secret = excluded.sealed_client_secret, microsoft_tenant_id = excluded.microsoft_tenant_id
     WHERE o.client_id IS NULL AND excluded.client_id IS NOT NULL
    RETURNING true)sql"};

// A client id without a secret, or the other way round, is refused before: the row has both or the change brings the one it lacks.
constexpr pg::Statement update_provider_row{"branches.update_legacy_provider", R"sql(
    UPDATE argonauth.legacy_oauth_provider
       SET client_id = CASE WHEN coalesce($4, sealed_client_secret) IS NULL THEN client_id ELSE coalesce($3, client_id) END,
           sealed_client_secret = CASE WHEN coalesce($3, client_id) IS NULL THEN sealed_client_secret ELSE coalesce($4, sealed_client_secret) END,
           microsoft_tenant_id = coalesce($5, microsoft_tenant_id)
     WHERE project_uuid = $1 AND id = $2 RETURNING id, client_id, sealed_client_secret, microsoft_tenant_id)sql"};

constexpr pg::Statement delete_provider_row{"branches.delete_legacy_provider", R"sql(
    DELETE FROM argonauth.legacy_oauth_provider WHERE project_uuid = $1 AND id = $2 RETURNING true)sql"};

constexpr pg::Statement update_email_server{"branches.set_legacy_email_server", R"sql(
    UPDATE argonauth.legacy_integration SET email_server = jsonb_strip_nulls($2::jsonb), updated_at = now() WHERE project_uuid = $1)sql"};

constexpr pg::Statement update_config{"branches.change_legacy_config", R"sql(
    UPDATE argonauth.legacy_integration SET config = config || $2::jsonb, updated_at = now() WHERE project_uuid = $1 RETURNING config)sql"};

constexpr pg::Statement move_row{"branches.move_to_better_auth", R"sql(
    WITH moved AS (UPDATE argonauth.auth_integration SET auth_provider = 'better_auth'
                    WHERE branch_id = $2 AND auth_provider = 'stack' AND auth_provider_project_id = $3 RETURNING branch_id),
         gone AS (DELETE FROM argonauth.legacy_integration l USING moved m WHERE l.branch_id = m.branch_id)
    INSERT INTO argonauth.legacy_migration (project_id, branch_id, project_uuid, report)
    SELECT $1::text, branch_id, $3::uuid, $4::jsonb FROM moved
    ON CONFLICT (project_id) DO UPDATE SET branch_id = excluded.branch_id, project_uuid = excluded.project_uuid, report = excluded.report,
        finished_at = now()
    RETURNING true)sql"};

constexpr pg::Statement select_moved{"branches.find_moved", R"sql(
    SELECT l.branch_id, l.report FROM argonauth.legacy_migration l
      JOIN argonauth.auth_integration i ON i.branch_id = l.branch_id AND i.auth_provider = 'better_auth' WHERE l.project_id = $1)sql"};

struct ProviderRow {
    LegacyOauthProvider provider;

    static void columns(auto& column, auto& row) {
        column(row.provider.id)(row.provider.client_id)(row.provider.sealed_client_secret)(row.provider.microsoft_tenant_id);
    }
};
}  // namespace

awaitable<bool> insert_legacy_integration(pg::Executor& db, const AuthIntegration& integration, const ProjectId& project, const std::string& name) {
    const auto rows = co_await db.query(insert_integration_row, integration.auth_provider_project_id, project, integration.branch_id, name);
    co_return !rows.empty();
}

awaitable<> delete_legacy_integration(pg::Executor& db, const BranchId& branch) { co_await db.query(delete_integration_row, branch); }

awaitable<bool> move_to_better_auth(pg::Executor& db, const Integration& integration, const std::string& report) {
    const auto rows = co_await db.query(move_row, integration.project_id, integration.branch_id, integration.project_uuid, report);
    co_return !rows.empty();
}

awaitable<std::optional<Moved>> find_moved(pg::Executor& db, const ProjectId& project) {
    const auto rows = co_await db.query(select_moved, project);
    co_return rows.maybe<Moved>();
}

awaitable<DomainAdded> insert_legacy_domain(pg::Executor& db, const std::string& project_uuid, const std::string& domain, int most) {
    const auto rows = co_await db.query(insert_domain_row, project_uuid, domain, most);
    if (!rows.empty()) co_return DomainAdded::done;
    const auto known = co_await db.query(select_domain, project_uuid, domain);
    co_return known.empty() ? DomainAdded::too_many : DomainAdded::known;
}

awaitable<> delete_legacy_domains(pg::Executor& db, const std::string& project_uuid, const std::vector<std::string>& domains) {
    co_await db.query(delete_domain_rows, project_uuid, domains);
}

awaitable<bool> insert_legacy_provider(pg::Executor& db, const std::string& project_uuid, const LegacyOauthProvider& provider) {
    const auto rows = co_await db.query(insert_provider_row, project_uuid, provider.id, provider.client_id, provider.sealed_client_secret,
                                        provider.microsoft_tenant_id);
    co_return !rows.empty();
}

awaitable<std::optional<LegacyOauthProvider>> update_legacy_provider(pg::Executor& db, const std::string& project_uuid,
                                                                     const LegacyOauthProvider& change) {
    const auto rows =
        co_await db.query(update_provider_row, project_uuid, change.id, change.client_id, change.sealed_client_secret, change.microsoft_tenant_id);
    auto row = rows.maybe<ProviderRow>();
    if (!row) co_return std::nullopt;
    co_return std::move(row->provider);
}

awaitable<bool> delete_legacy_provider(pg::Executor& db, const std::string& project_uuid, const std::string& id) {
    const auto rows = co_await db.query(delete_provider_row, project_uuid, id);
    co_return !rows.empty();
}

awaitable<> set_legacy_email_server(pg::Executor& db, const std::string& project_uuid, const LegacyEmailServer& server) {
    co_await db.query(update_email_server, project_uuid, json::encode(server));
}

awaitable<std::optional<LegacyConfig>> change_legacy_config(pg::Executor& db, const std::string& project_uuid, const std::string& members) {
    const auto rows = co_await db.query(update_config, project_uuid, members);
    const auto text = rows.maybe<std::string>();
    if (!text) co_return std::nullopt;
    LegacyConfig config;
    const auto value = json::parse(*text);
    const auto issues = json::decode(value ? &*value : nullptr, "config", config);
    if (!issues.empty()) throw std::runtime_error("argonauth.legacy_integration: " + issues);
    co_return config;
}
}  // namespace argon::branches
