// What a branch's cluster contains, as the control state knows it: the rows of argonauth.role and argonauth.database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Role {
    BranchId branch_id;
    std::string name;
    std::optional<std::string> sealed_password;  ///< see role_password.hpp; absent where the project stores none
    bool is_protected = false;
    TimePoint created_at;
    TimePoint updated_at;

    static void columns(auto& column, auto& role) {
        column(role.branch_id)(role.name)(role.sealed_password)(role.is_protected)(role.created_at)(role.updated_at);
    }
};

struct Database {
    std::int64_t id = 0;
    BranchId branch_id;
    std::string name;
    std::string owner_name;
    TimePoint created_at;
    TimePoint updated_at;

    static void columns(auto& column, auto& database) {
        column(database.id)(database.branch_id)(database.name)(database.owner_name)(database.created_at)(database.updated_at);
    }
};

awaitable<std::vector<Role>> list_roles(pg::Executor& db, const BranchId& branch);
awaitable<std::optional<Role>> find_role(pg::Executor& db, const BranchId& branch, const std::string& name);
awaitable<Role> insert_role(pg::Executor& db, const BranchId& branch, const std::string& name, const std::optional<std::string>& sealed_password);

awaitable<std::vector<Database>> list_databases(pg::Executor& db, const BranchId& branch);
awaitable<std::optional<Database>> find_database(pg::Executor& db, const BranchId& branch, const std::string& name);
/// `neondb`, or the oldest when there is none of that name.
awaitable<std::optional<Database>> find_default_database(pg::Executor& db, const BranchId& branch);
awaitable<Database> insert_database(pg::Executor& db, const BranchId& branch, const std::string& name, const std::string& owner);
/// All rows of the branch's roles and databases.
awaitable<> delete_contents(pg::Executor& db, const BranchId& branch);
awaitable<Database> update_database(pg::Executor& db, std::int64_t id, const std::string& name, const std::string& owner);
awaitable<> delete_database(pg::Executor& db, std::int64_t id);
awaitable<Role> update_role_password(pg::Executor& db, const BranchId& branch, const std::string& name,
                                     const std::optional<std::string>& sealed_password);
awaitable<> delete_role(pg::Executor& db, const BranchId& branch, const std::string& name);
}  // namespace argon::branches
