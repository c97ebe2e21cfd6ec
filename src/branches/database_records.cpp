#include "branches/database_records.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_roles{"branches.list_roles", R"sql(
    SELECT branch_id, name, sealed_password, protected, created_at, updated_at
      FROM argonauth.role WHERE branch_id = $1 ORDER BY created_at, name)sql"};

constexpr pg::Statement select_role{"branches.find_role", R"sql(
    SELECT branch_id, name, sealed_password, protected, created_at, updated_at
      FROM argonauth.role WHERE branch_id = $1 AND name = $2)sql"};

constexpr pg::Statement insert_role_row{"branches.insert_role", R"sql(
    INSERT INTO argonauth.role (branch_id, name, sealed_password) VALUES ($1, $2, $3)
    ON CONFLICT (branch_id, name) DO UPDATE SET sealed_password = excluded.sealed_password
    RETURNING branch_id, name, sealed_password, protected, created_at, updated_at)sql"};

constexpr pg::Statement select_databases{"branches.list_databases", R"sql(
    SELECT id, branch_id, name, owner_name, created_at, updated_at
      FROM argonauth.database WHERE branch_id = $1 ORDER BY id)sql"};

constexpr pg::Statement select_database{"branches.find_database", R"sql(
    SELECT id, branch_id, name, owner_name, created_at, updated_at
      FROM argonauth.database WHERE branch_id = $1 AND name = $2)sql"};

constexpr pg::Statement select_default_database{"branches.find_default_database", R"sql(
    SELECT id, branch_id, name, owner_name, created_at, updated_at
      FROM argonauth.database WHERE branch_id = $1 ORDER BY name <> 'neondb', id LIMIT 1)sql"};

constexpr pg::Statement insert_database_row{"branches.insert_database", R"sql(
    INSERT INTO argonauth.database (branch_id, name, owner_name) VALUES ($1, $2, $3)
    ON CONFLICT (branch_id, name) DO UPDATE SET owner_name = excluded.owner_name
    RETURNING id, branch_id, name, owner_name, created_at, updated_at)sql"};

constexpr pg::Statement update_database_row{"branches.update_database", R"sql(
    UPDATE argonauth.database SET name = $2, owner_name = $3, updated_at = now() WHERE id = $1
    RETURNING id, branch_id, name, owner_name, created_at, updated_at)sql"};

constexpr pg::Statement delete_databases{"branches.delete_databases", "DELETE FROM argonauth.database WHERE branch_id = $1"};
constexpr pg::Statement delete_roles{"branches.delete_roles", "DELETE FROM argonauth.role WHERE branch_id = $1"};

constexpr pg::Statement delete_database_row{"branches.delete_database", "DELETE FROM argonauth.database WHERE id = $1"};

constexpr pg::Statement update_role_row{"branches.update_role_password", R"sql(
    UPDATE argonauth.role SET sealed_password = $3, updated_at = now() WHERE branch_id = $1 AND name = $2
    RETURNING branch_id, name, sealed_password, protected, created_at, updated_at)sql"};

constexpr pg::Statement delete_role_row{"branches.delete_role", "DELETE FROM argonauth.role WHERE branch_id = $1 AND name = $2"};
}  // namespace

awaitable<std::vector<Role>> list_roles(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_roles, branch);
    co_return rows.all<Role>();
}

awaitable<std::optional<Role>> find_role(pg::Executor& db, const BranchId& branch, const std::string& name) {
    const auto rows = co_await db.query(select_role, branch, name);
    co_return rows.maybe<Role>();
}

awaitable<Role> insert_role(pg::Executor& db, const BranchId& branch, const std::string& name, const std::optional<std::string>& sealed_password) {
    const auto rows = co_await db.query(insert_role_row, branch, name, sealed_password);
    co_return rows.one<Role>();
}

awaitable<std::vector<Database>> list_databases(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_databases, branch);
    co_return rows.all<Database>();
}

awaitable<std::optional<Database>> find_database(pg::Executor& db, const BranchId& branch, const std::string& name) {
    const auto rows = co_await db.query(select_database, branch, name);
    co_return rows.maybe<Database>();
}

awaitable<std::optional<Database>> find_default_database(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_default_database, branch);
    co_return rows.maybe<Database>();
}

awaitable<Database> insert_database(pg::Executor& db, const BranchId& branch, const std::string& name, const std::string& owner) {
    const auto rows = co_await db.query(insert_database_row, branch, name, owner);
    co_return rows.one<Database>();
}

awaitable<> delete_contents(pg::Executor& db, const BranchId& branch) {
    co_await db.query(delete_databases, branch);
    co_await db.query(delete_roles, branch);
}

awaitable<Database> update_database(pg::Executor& db, std::int64_t id, const std::string& name, const std::string& owner) {
    const auto rows = co_await db.query(update_database_row, id, name, owner);
    co_return rows.one<Database>();
}

awaitable<> delete_database(pg::Executor& db, std::int64_t id) { co_await db.query(delete_database_row, id); }

awaitable<Role> update_role_password(pg::Executor& db, const BranchId& branch, const std::string& name,
                                     const std::optional<std::string>& sealed_password) {
    const auto rows = co_await db.query(update_role_row, branch, name, sealed_password);
    co_return rows.one<Role>();
}

awaitable<> delete_role(pg::Executor& db, const BranchId& branch, const std::string& name) { co_await db.query(delete_role_row, branch, name); }
}  // namespace argon::branches
