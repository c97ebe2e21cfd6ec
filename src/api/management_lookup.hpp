// What the endpoints of the management API begin with: the project and branch of the path, as the caller may see them.
#pragma once

#include "api/management.hpp"
#include "branches/branch_records.hpp"
#include "branches/engine.hpp"
#include "branches/project_records.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec project_not_found{404, "", "project not found"};
inline constexpr ErrorSpec branch_not_found{404, "", "branch not found"};
inline constexpr ErrorSpec endpoint_not_found{404, "", "endpoint not found"};
inline constexpr ErrorSpec database_not_found{404, "", "database not found"};
inline constexpr ErrorSpec role_not_found{404, "", "role not found"};
inline constexpr ErrorSpec password_not_stored{412, "", "the project does not store passwords of roles"};
}  // namespace errors

/// For the thread that calls.
branches::Engine make_engine(const Services& services);

/// The project of `{project_id}`. Somebody else's is as absent as one that never was.
awaitable<Result<branches::Project>> require_project(ManagementContext& ctx);
/// For routes with Access::project_in_body: as require_project, and the context goes on as if the path had named the project.
awaitable<Result<branches::Project>> require_body_project(ManagementContext& ctx, const ProjectId& id);
/// The branch of `{branch_id}` in that project.
awaitable<Result<branches::Branch>> require_branch(ManagementContext& ctx);
}  // namespace argon::api
