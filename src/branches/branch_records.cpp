#include "branches/branch_records.hpp"

namespace argon::branches {
namespace {
#define BRANCH_COLUMNS                                                                                          \
    "b.id, b.project_id, b.parent_id, b.name, b.state, b.is_default, b.protected, b.created_at, b.updated_at, " \
    "b.state_changed_at, b.init_source, b.parent_timestamp, b.expires_at, b.ttl_seconds, b.last_reset_at, "     \
    "b.restored_from, b.restored_as, b.annotation"

constexpr pg::Statement select_branch{
    "branches.find_branch", "SELECT " BRANCH_COLUMNS " FROM argonauth.branch b WHERE b.id = $1 AND b.project_id = $2 AND b.state = 'ready'"};

constexpr pg::Statement select_default_branch{"branches.find_default_branch",
                                              "SELECT " BRANCH_COLUMNS
                                              " FROM argonauth.branch b WHERE b.project_id = $1 AND b.is_default AND b.state = 'ready'"};

constexpr pg::Statement lock_branch_row{"branches.lock_branch",
                                        "SELECT " BRANCH_COLUMNS
                                        " FROM argonauth.branch b WHERE b.id = $1 AND b.project_id = $2 AND b.state = 'ready' FOR UPDATE"};

constexpr pg::Statement select_branches{"branches.list_branches", "SELECT " BRANCH_COLUMNS R"sql(, k.key
      FROM argonauth.branch b
     CROSS JOIN LATERAL (
           SELECT CASE $3::text WHEN 'name' THEN b.name
                                WHEN 'created_at' THEN to_char(b.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                                ELSE to_char(b.updated_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') END COLLATE "C" AS key) k
     WHERE b.project_id = $1 AND b.state = 'ready'
       AND ($2::text = '' OR position(lower($2::text) IN lower(b.name)) > 0 OR position($2::text IN b.id) > 0)
       AND ($5::text IS NULL OR (k.key = $5::text AND b.id > $6::text)
                             OR CASE WHEN $4::boolean THEN k.key > $5::text ELSE k.key < $5::text END)
     ORDER BY CASE WHEN $4::boolean THEN k.key END, CASE WHEN NOT $4::boolean THEN k.key END DESC, b.id
     LIMIT $7)sql"};

constexpr pg::Statement count_branch_rows{"branches.count_branches", R"sql(
    SELECT count(*) FROM argonauth.branch b
     WHERE b.project_id = $1 AND b.state = 'ready'
       AND ($2::text = '' OR position(lower($2::text) IN lower(b.name)) > 0 OR position($2::text IN b.id) > 0))sql"};

constexpr pg::Statement insert_default_branch_row{"branches.insert_default_branch", R"sql(
    INSERT INTO argonauth.branch AS b (id, project_id, name, state, is_default) VALUES ($1, $2, $3, 'init', true) RETURNING )sql" BRANCH_COLUMNS};

constexpr pg::Statement insert_attached_branch_row{"branches.insert_attached_branch", R"sql(
    INSERT INTO argonauth.branch AS b (id, project_id, name, state, is_default)
    SELECT $1, $2, $3, 'ready', NOT EXISTS (SELECT 1 FROM argonauth.branch WHERE project_id = $2 AND is_default)
    ON CONFLICT (project_id, name) DO NOTHING RETURNING )sql" BRANCH_COLUMNS};

constexpr pg::Statement update_branch_ready{"branches.set_branch_ready", R"sql(
    UPDATE argonauth.branch b SET state = 'ready', state_changed_at = now(), updated_at = now()
     WHERE id = $1 AND state = 'init' RETURNING )sql" BRANCH_COLUMNS};

constexpr pg::Statement update_branches_deleting{"branches.set_branches_deleting", R"sql(
    UPDATE argonauth.branch SET state = 'deleting', state_changed_at = now()
     WHERE project_id = $1 AND state IN ('init', 'ready') RETURNING id)sql"};

constexpr pg::Statement insert_branch_row{"branches.insert_branch", R"sql(
    INSERT INTO argonauth.branch AS b (id, project_id, parent_id, name, state, init_source, protected, expires_at, ttl_seconds, annotation, parent_timestamp)
    VALUES ($1, $2, $3, $4, 'init', $5, $6, $7::timestamptz, ceil(extract(epoch FROM $7::timestamptz - now())), $8, now())
    ON CONFLICT (project_id, name) DO NOTHING RETURNING )sql" BRANCH_COLUMNS};

constexpr pg::Statement select_has_children{"branches.has_children", "SELECT EXISTS (SELECT FROM argonauth.branch WHERE parent_id = $1)"};

constexpr pg::Statement select_name_taken{"branches.is_name_taken",
                                          "SELECT EXISTS (SELECT FROM argonauth.branch WHERE project_id = $1 AND name = $2 AND id <> $3)"};

constexpr pg::Statement update_branch_row{"branches.update_branch", R"sql(
    UPDATE argonauth.branch b
       SET name = coalesce($2, b.name), protected = coalesce($3::boolean, b.protected),
           expires_at = CASE WHEN $4::boolean THEN $5::timestamptz ELSE b.expires_at END,
           ttl_seconds = CASE WHEN $4::boolean THEN ceil(extract(epoch FROM $5::timestamptz - now())) ELSE b.ttl_seconds END,
           updated_at = now()
     WHERE b.id = $1 RETURNING )sql" BRANCH_COLUMNS};

// Two statements: the unique index on the default branch is checked row by row.
constexpr pg::Statement update_former_default{"branches.clear_default_branch",
                                              "UPDATE argonauth.branch SET is_default = false WHERE project_id = $1 AND is_default AND id <> $2"};
constexpr pg::Statement update_default{
    "branches.set_default_branch", "UPDATE argonauth.branch b SET is_default = true, updated_at = now() WHERE b.id = $1 RETURNING " BRANCH_COLUMNS};

constexpr pg::Statement update_branch_deleting{"branches.set_branch_deleting",
                                               "UPDATE argonauth.branch SET state = 'deleting', state_changed_at = now() WHERE id = $1"};
constexpr pg::Statement delete_branch_statement{"branches.delete_branch", "DELETE FROM argonauth.branch WHERE id = $1"};

constexpr pg::Statement select_expired{
    "branches.list_expired_branches",
    "SELECT " BRANCH_COLUMNS " FROM argonauth.branch b WHERE b.expires_at <= now() AND b.state = 'ready' ORDER BY b.created_at DESC LIMIT 20"};

constexpr pg::Statement select_cluster_name{"branches.get_cluster_name", "SELECT coalesce(cluster, id) FROM argonauth.branch WHERE id = $1"};

constexpr pg::Statement update_branch_restored{"branches.set_branch_restored", R"sql(
    UPDATE argonauth.branch b SET cluster = $2, restored_from = $3, restored_as = $4, last_reset_at = now(), updated_at = now()
     WHERE b.id = $1 RETURNING )sql" BRANCH_COLUMNS};

constexpr pg::Statement insert_preserved_row{"branches.insert_preserved_branch", R"sql(
    INSERT INTO argonauth.branch AS b (id, project_id, parent_id, name, state, init_source, cluster)
    VALUES ($1, $2, $3, $4, 'ready', $5, $6) RETURNING )sql" BRANCH_COLUMNS};
constexpr pg::Statement update_children{"branches.move_children", "UPDATE argonauth.branch SET parent_id = $2 WHERE parent_id = $1"};

constexpr pg::Statement select_integration{"branches.find_integration", R"sql(
    SELECT branch_id, auth_provider, auth_provider_project_id, database_name, owned_by, created_at
      FROM argonauth.auth_integration WHERE branch_id = $1)sql"};

constexpr pg::Statement insert_integration_row{"branches.insert_integration", R"sql(
    INSERT INTO argonauth.auth_integration (branch_id, auth_provider, database_name) VALUES ($1, $2, $3)
    ON CONFLICT (branch_id) DO NOTHING
    RETURNING branch_id, auth_provider, auth_provider_project_id, database_name, owned_by, created_at)sql"};

constexpr pg::Statement update_integration_row{"branches.move_integration",
                                               "UPDATE argonauth.auth_integration SET database_name = $2 WHERE branch_id = $1"};

constexpr pg::Statement delete_integration_row{"branches.delete_integration", "DELETE FROM argonauth.auth_integration WHERE branch_id = $1"};
}  // namespace

awaitable<std::optional<Branch>> find_branch(pg::Executor& db, const ProjectId& project, const BranchId& id) {
    const auto rows = co_await db.query(select_branch, id, project);
    co_return rows.maybe<Branch>();
}

awaitable<std::optional<Branch>> find_default_branch(pg::Executor& db, const ProjectId& project) {
    const auto rows = co_await db.query(select_default_branch, project);
    co_return rows.maybe<Branch>();
}

awaitable<std::optional<Branch>> lock_branch(pg::Executor& db, const ProjectId& project, const BranchId& id) {
    const auto rows = co_await db.query(lock_branch_row, id, project);
    co_return rows.maybe<Branch>();
}

awaitable<Page<Branch>> list_branches(pg::Executor& db, const ProjectId& project, const PageRequest& page, const BranchOrder& order) {
    const auto rows =
        co_await db.query(select_branches, project, page.search, order.by, order.ascending, page.after_key(), page.after_id(), page.rows());
    co_return make_page(rows.all<Keyed<Branch>>(), page, [](const Branch& branch) { return branch.id.value; });
}

awaitable<std::int64_t> count_branches(pg::Executor& db, const ProjectId& project, const std::string& search) {
    const auto rows = co_await db.query(count_branch_rows, project, search);
    co_return rows.one<std::int64_t>();
}

awaitable<std::optional<Branch>> insert_attached_branch(pg::Executor& db, const ProjectId& project, const BranchId& id, const std::string& name) {
    const auto rows = co_await db.query(insert_attached_branch_row, id, project, name);
    co_return rows.maybe<Branch>();
}

awaitable<Branch> insert_default_branch(pg::Executor& db, const ProjectId& project, const BranchId& id, const std::string& name) {
    const auto rows = co_await db.query(insert_default_branch_row, id, project, name);
    co_return rows.one<Branch>();
}

awaitable<Branch> set_branch_ready(pg::Executor& db, const BranchId& id) {
    const auto rows = co_await db.query(update_branch_ready, id);
    co_return rows.one<Branch>();
}

awaitable<std::vector<BranchId>> set_branches_deleting(pg::Executor& db, const ProjectId& project) {
    const auto rows = co_await db.query(update_branches_deleting, project);
    co_return rows.all<BranchId>();
}

awaitable<std::optional<Branch>> insert_branch(pg::Executor& db, const NewBranch& branch) {
    const auto rows = co_await db.query(insert_branch_row, branch.id, branch.project_id, branch.parent_id, branch.name, branch.init_source,
                                        branch.is_protected, branch.expires_at, branch.annotation);
    co_return rows.maybe<Branch>();
}

awaitable<std::optional<Branch>> set_copy_ready(pg::Executor& db, const BranchId& id) {
    const auto rows = co_await db.query(update_branch_ready, id);
    co_return rows.maybe<Branch>();
}

awaitable<bool> has_children(pg::Executor& db, const BranchId& id) {
    const auto rows = co_await db.query(select_has_children, id);
    co_return rows.one<bool>();
}

awaitable<bool> is_name_taken(pg::Executor& db, const ProjectId& project, const std::string& name, const BranchId& except) {
    const auto rows = co_await db.query(select_name_taken, project, name, except);
    co_return rows.one<bool>();
}

awaitable<Branch> update_branch(pg::Executor& db, const BranchId& id, const BranchChanges& changes) {
    const auto rows = co_await db.query(update_branch_row, id, changes.name, changes.is_protected, changes.changes_expiry, changes.expires_at);
    co_return rows.one<Branch>();
}

awaitable<Branch> set_default_branch(pg::Executor& db, const ProjectId& project, const BranchId& id) {
    co_await db.query(update_former_default, project, id);
    const auto rows = co_await db.query(update_default, id);
    co_return rows.one<Branch>();
}

awaitable<> set_branch_deleting(pg::Executor& db, const BranchId& id) { co_await db.query(update_branch_deleting, id); }
awaitable<> delete_branch_row(pg::Executor& db, const BranchId& id) { co_await db.query(delete_branch_statement, id); }

awaitable<std::vector<Branch>> list_expired_branches(pg::Executor& db) {
    const auto rows = co_await db.query(select_expired);
    co_return rows.all<Branch>();
}

awaitable<std::string> get_cluster_name(pg::Executor& db, const BranchId& id) {
    const auto rows = co_await db.query(select_cluster_name, id);
    co_return rows.one<std::string>();
}

awaitable<Branch> set_branch_restored(pg::Executor& db, const BranchId& id, const Restored& restored) {
    const auto rows = co_await db.query(update_branch_restored, id, restored.cluster, restored.from, restored.as);
    co_return rows.one<Branch>();
}

awaitable<Branch> insert_preserved_branch(pg::Executor& db, const BranchId& id, const Branch& original, const std::string& name,
                                          const std::string& cluster) {
    const auto rows = co_await db.query(insert_preserved_row, id, original.project_id, original.parent_id, name, original.init_source, cluster);
    co_await db.query(update_children, original.id, id);
    co_return rows.one<Branch>();
}

awaitable<std::optional<AuthIntegration>> find_integration(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_integration, branch);
    co_return rows.maybe<AuthIntegration>();
}

awaitable<std::optional<AuthIntegration>> insert_integration(pg::Executor& db, const BranchId& branch, const std::string& provider,
                                                             const std::string& database) {
    const auto rows = co_await db.query(insert_integration_row, branch, provider, database);
    co_return rows.maybe<AuthIntegration>();
}

awaitable<> move_integration(pg::Executor& db, const BranchId& branch, const std::string& database) {
    co_await db.query(update_integration_row, branch, database);
}

awaitable<> delete_integration(pg::Executor& db, const BranchId& branch) { co_await db.query(delete_integration_row, branch); }
}  // namespace argon::branches
