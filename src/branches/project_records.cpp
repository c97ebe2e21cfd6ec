#include "branches/project_records.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_project{"branches.find_project", R"sql(
    SELECT p.id, p.name, p.region_id, p.provisioner, p.pg_version, p.owner_id, p.store_passwords, p.history_retention_seconds, p.settings,
           p.default_endpoint_settings, p.created_at, p.updated_at
      FROM argonauth.project p
     WHERE p.id = $1 AND p.owner_id = $2
       AND EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id AND b.is_default AND b.state = 'ready'))sql"};

constexpr pg::Statement select_projects{"branches.list_projects", R"sql(
    SELECT p.id, p.name, p.region_id, p.provisioner, p.pg_version, p.owner_id, p.store_passwords, p.history_retention_seconds, p.settings,
           p.default_endpoint_settings, p.created_at, p.updated_at, k.key
      FROM argonauth.project p
     CROSS JOIN LATERAL (SELECT to_char(p.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') COLLATE "C" AS key) k
     WHERE p.owner_id = $1 AND ($6::text IS NULL OR p.id = $6::text)
       AND EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id AND b.is_default AND b.state = 'ready')
       AND ($2::text = '' OR position(lower($2::text) IN lower(p.name)) > 0 OR position($2::text IN p.id) > 0)
       AND ($3::text IS NULL OR k.key < $3::text OR (k.key = $3::text AND p.id > $4::text))
     ORDER BY k.key DESC, p.id
     LIMIT $5)sql"};

constexpr pg::Statement insert_project_row{"branches.insert_project", R"sql(
    INSERT INTO argonauth.project (id, name, region_id, pg_version, owner_id, store_passwords, history_retention_seconds, settings,
                                   default_endpoint_settings, provisioner)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    RETURNING id, name, region_id, provisioner, pg_version, owner_id, store_passwords, history_retention_seconds, settings,
              default_endpoint_settings, created_at, updated_at)sql"};

constexpr pg::Statement update_project_row{"branches.update_project", R"sql(
    UPDATE argonauth.project p
       SET name = coalesce($3, p.name),
           history_retention_seconds = coalesce($4, p.history_retention_seconds),
           settings = p.settings || coalesce($5::jsonb, '{}'),
           default_endpoint_settings = p.default_endpoint_settings || coalesce($6::jsonb, '{}'),
           updated_at = now()
     WHERE p.id = $1 AND p.owner_id = $2
       AND EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id AND b.is_default AND b.state = 'ready')
    RETURNING p.id, p.name, p.region_id, p.provisioner, p.pg_version, p.owner_id, p.store_passwords, p.history_retention_seconds, p.settings,
              p.default_endpoint_settings, p.created_at, p.updated_at)sql"};

constexpr pg::Statement lock_project_row{"branches.lock_project", "SELECT id FROM argonauth.project WHERE id = $1 FOR UPDATE"};

constexpr pg::Statement delete_project_statement{"branches.delete_project", "DELETE FROM argonauth.project WHERE id = $1"};
}  // namespace

awaitable<std::optional<Project>> find_project(pg::Executor& db, const std::string& owner_id, const ProjectId& id) {
    const auto rows = co_await db.query(select_project, id, owner_id);
    co_return rows.maybe<Project>();
}

awaitable<bool> lock_project(pg::Executor& db, const ProjectId& id) {
    const auto rows = co_await db.query(lock_project_row, id);
    co_return !rows.empty();
}

awaitable<Page<Project>> list_projects(pg::Executor& db, const std::string& owner_id, const std::optional<ProjectId>& only, const PageRequest& page) {
    const auto rows = co_await db.query(select_projects, owner_id, page.search, page.after_key(), page.after_id(), page.rows(), only);
    co_return make_page(rows.all<Keyed<Project>>(), page, [](const Project& project) { return project.id.value; });
}

awaitable<Project> insert_project(pg::Executor& db, const Project& project) {
    const auto rows = co_await db.query(insert_project_row, project.id, project.name, project.region_id, project.pg_version, project.owner_id,
                                        project.store_passwords, project.history_retention_seconds, project.settings,
                                        project.default_endpoint_settings, project.provisioner);
    co_return rows.one<Project>();
}

awaitable<std::optional<Project>> update_project(pg::Executor& db, const std::string& owner_id, const ProjectId& id, const ProjectChanges& changes) {
    const auto rows = co_await db.query(update_project_row, id, owner_id, changes.name, changes.history_retention_seconds, changes.settings,
                                        changes.default_endpoint_settings);
    co_return rows.maybe<Project>();
}

awaitable<> delete_project_row(pg::Executor& db, const ProjectId& id) { co_await db.query(delete_project_statement, id); }
}  // namespace argon::branches
