// Auth on a branch: enabled, disabled and enabled again. The users live in schema neon_auth of the branch's database and stay there
// unless somebody asks for their removal.
#pragma once

#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/error.hpp"
#include "branches/branch_records.hpp"
#include "branches/database_records.hpp"
#include "branches/engine.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec branch_not_found{404, "", "branch not found"};
inline constexpr ErrorSpec database_not_found{404, "", "database not found"};
inline constexpr ErrorSpec auth_not_enabled{404, "", "Neon Auth is not enabled on this branch"};
inline constexpr ErrorSpec auth_enabled{409, "", "Neon Auth is already enabled on this branch"};
inline constexpr ErrorSpec foreign_schema{
    409, "", "The `neon_auth` schema already exists in this database and is not managed by Neon Auth; rename or drop it, then enable auth again"};
inline constexpr ErrorSpec schema_not_permitted{
    422, "", "The role of the connection string may not make schemas in this database: GRANT CREATE ON DATABASE to it, then enable auth again"};
}  // namespace errors

/// In the branch's default database unless another is named. Of several calls at once one succeeds and the others get 409.
awaitable<Result<AuthIntegration>> enable_auth(Engine engine, Project project, BranchId branch, std::optional<std::string> database);

/// Schema neon_auth with its tables and a row of settings, on a worker thread. Returns what is in the way.
std::optional<ErrorSpec> make_auth_schema(const Engine& engine, const BranchId& branch, const Database& database, const std::string& project_name,
                                          const EndpointId& endpoint);

/// The one of that name, or the branch's default; known to the control state from now on. Nothing when there is none.
awaitable<std::optional<Database>> choose_database(const Engine& engine, pg::Executor& db, const BranchId& branch,
                                                   const std::optional<std::string>& name);

/// Whether the branch has a database of this name now: its owner can rename or drop it with SQL. For branches whose databases are ours.
awaitable<bool> has_database(Engine engine, BranchId branch, std::string name);

/// With `delete_data` schema neon_auth goes, and everything in it.
awaitable<Result<>> disable_auth(Engine engine, ProjectId project, BranchId branch, bool delete_data);
}  // namespace argon::branches
