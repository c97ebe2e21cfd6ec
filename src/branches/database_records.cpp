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
    RETURNING id, branch_id, name, owner_name, created_at, updated_at)sql"};
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
}  // namespace argon::branches
