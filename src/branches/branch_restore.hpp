// A branch that becomes what another one is, and keeps its id, endpoint, port and passwords, so that no connection string changes.
#pragma once

#include <optional>
#include <string>

#include "branches/branch_changes.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec source_not_found{404, "", "the source branch was not found"};
inline constexpr ErrorSpec source_is_target{
    422, "", "source_branch_id: a branch can be restored from another branch only; the history of its own data is not kept"};
inline constexpr ErrorSpec children_need_backup{
    422, "", "the branch has children; give preserve_under_name, so that they keep a parent with the data they were made from"};
}  // namespace errors

struct RestoreRequest {
    BranchId source;
    std::optional<std::string> preserve_under_name;  ///< a branch of this name gets the data the target had
};

/// The copy is made beside the branch, which serves until it is complete; then one transaction exchanges them. Whoever is connected then
/// loses the connection, and everything written since the call began is in the preserved branch only.
awaitable<Result<ChangedBranch>> restore_branch(Engine engine, Project project, BranchId id, RestoreRequest request);
}  // namespace argon::branches
