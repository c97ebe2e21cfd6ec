#include "branches/branch_records.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_branch{"branches.find_branch", R"sql(
    SELECT id, project_id, parent_id, name, state, is_default, protected, created_at, updated_at, state_changed_at
      FROM argonauth.branch WHERE id = $1 AND project_id = $2 AND state = 'ready')sql"};

constexpr pg::Statement select_default_branch{"branches.find_default_branch", R"sql(
    SELECT id, project_id, parent_id, name, state, is_default, protected, created_at, updated_at, state_changed_at
      FROM argonauth.branch WHERE project_id = $1 AND is_default AND state = 'ready')sql"};

constexpr pg::Statement lock_branch_row{"branches.lock_branch", R"sql(
    SELECT id, project_id, parent_id, name, state, is_default, protected, created_at, updated_at, state_changed_at
      FROM argonauth.branch WHERE id = $1 AND project_id = $2 AND state = 'ready' FOR UPDATE)sql"};

constexpr pg::Statement select_branches{"branches.list_branches", R"sql(
    SELECT b.id, b.project_id, b.parent_id, b.name, b.state, b.is_default, b.protected, b.created_at, b.updated_at, b.state_changed_at, k.key
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

constexpr pg::Statement insert_branch_row{"branches.insert_branch", R"sql(
    INSERT INTO argonauth.branch (id, project_id, name, state, is_default) VALUES ($1, $2, $3, 'init', true)
    RETURNING id, project_id, parent_id, name, state, is_default, protected, created_at, updated_at, state_changed_at)sql"};

constexpr pg::Statement update_branch_ready{"branches.set_branch_ready", R"sql(
    UPDATE argonauth.branch SET state = 'ready', state_changed_at = now(), updated_at = now() WHERE id = $1
    RETURNING id, project_id, parent_id, name, state, is_default, protected, created_at, updated_at, state_changed_at)sql"};

constexpr pg::Statement update_branches_deleting{"branches.set_branches_deleting", R"sql(
    UPDATE argonauth.branch SET state = 'deleting', state_changed_at = now() WHERE project_id = $1 AND state = 'ready' RETURNING id)sql"};

constexpr pg::Statement select_integration{"branches.find_integration", R"sql(
    SELECT branch_id, auth_provider, auth_provider_project_id, database_name, owned_by, created_at
      FROM argonauth.auth_integration WHERE branch_id = $1)sql"};

constexpr pg::Statement insert_integration_row{"branches.insert_integration", R"sql(
    INSERT INTO argonauth.auth_integration (branch_id, auth_provider, database_name) VALUES ($1, $2, $3)
    ON CONFLICT (branch_id) DO NOTHING
    RETURNING branch_id, auth_provider, auth_provider_project_id, database_name, owned_by, created_at)sql"};

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

awaitable<Branch> insert_default_branch(pg::Executor& db, const ProjectId& project, const BranchId& id, const std::string& name) {
    const auto rows = co_await db.query(insert_branch_row, id, project, name);
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

awaitable<std::optional<AuthIntegration>> find_integration(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_integration, branch);
    co_return rows.maybe<AuthIntegration>();
}

awaitable<std::optional<AuthIntegration>> insert_integration(pg::Executor& db, const BranchId& branch, const std::string& provider,
                                                             const std::string& database) {
    const auto rows = co_await db.query(insert_integration_row, branch, provider, database);
    co_return rows.maybe<AuthIntegration>();
}

awaitable<> delete_integration(pg::Executor& db, const BranchId& branch) { co_await db.query(delete_integration_row, branch); }
}  // namespace argon::branches
