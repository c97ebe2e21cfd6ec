// Databases and roles of a branch, changed in PostgreSQL first and written down second, and found there when somebody made them with SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "branches/branch_records.hpp"
#include "branches/database_records.hpp"
#include "branches/engine.hpp"
#include "branches/operation_records.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec database_exists{409, "", "a database of this name already exists on the branch"};
inline constexpr ErrorSpec role_exists{409, "", "a role of this name already exists on the branch"};
inline constexpr ErrorSpec owner_not_found{422, "", "owner_name: the branch has no role of this name"};
inline constexpr ErrorSpec database_has_auth{422, "", "Neon Auth is enabled on this database; disable it first"};
inline constexpr ErrorSpec role_owns_database{422, "", "the role owns a database; give the database to another role first"};
inline constexpr ErrorSpec role_not_found{404, "", "role not found"};
inline constexpr ErrorSpec role_is_protected{422, "", "the role is protected"};
}  // namespace errors

struct ChangedDatabase {
    Database database;
    std::vector<Operation> operations;
};
struct ChangedRole {
    Role role;
    std::optional<Secret<>> password;
    std::vector<Operation> operations;
};

/// Makes the rows agree with PostgreSQL, so that lists show what was made with SQL. Starts the branch when it is stopped.
awaitable<> refresh_contents(Engine engine, BranchId branch, ProjectId project);

awaitable<Result<ChangedDatabase>> create_database(Engine engine, Branch branch, std::string name, std::string owner);
/// Renaming ends the connections to the database. Its auth service moves along, with a new base_url.
awaitable<Result<ChangedDatabase>> change_database(Engine engine, Branch branch, std::string name, std::optional<std::string> new_name,
                                                   std::optional<std::string> new_owner);
awaitable<Result<ChangedDatabase>> remove_database(Engine engine, Branch branch, std::string name);

awaitable<Result<ChangedRole>> create_role(Engine engine, Project project, Branch branch, std::string name, bool can_login);
/// What it owns goes to the owners of the databases it is in.
awaitable<Result<ChangedRole>> remove_role(Engine engine, Branch branch, std::string name);
awaitable<Result<ChangedRole>> reset_role_password(Engine engine, Project project, Branch branch, std::string name);
}  // namespace argon::branches
