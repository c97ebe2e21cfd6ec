// A branch made from another one: a copy of the parent's cluster as of a moment during the call, with an address and passwords of its own
// (docs/design/0004-branching.md).
//
// Its row comes first, in state `init`, which keeps the name and the parent; then the copy; then everything else in one transaction. A crash
// leaves a row in `init`, which goes at the next start with whatever was copied, and operations that say so.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "branches/branch_records.hpp"
#include "branches/copy_contents.hpp"
#include "branches/database_records.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/engine.hpp"
#include "branches/operation_records.hpp"
#include "branches/project_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec parent_not_found{404, "", "the parent branch was not found"};
inline constexpr ErrorSpec branch_name_taken{409, "", "a branch of this name already exists"};
inline constexpr ErrorSpec parent_expires{422, "", "the parent branch expires; a branch made from it must have an expires_at that is not later"};
inline constexpr ErrorSpec project_went_away{404, "", "the project was deleted meanwhile"};
}  // namespace errors

struct BranchRequest {
    std::optional<BranchId> parent;  ///< nothing: the default branch
    std::string name;                ///< empty: the branch's id
    bool is_protected = false;
    bool schema_only = false;
    bool scrub_auth = false;
    std::optional<TimePoint> expires_at;
    std::optional<std::string> annotation;  ///< JSON object of texts
    bool endpoint_asked = false;            ///< there is one in any case
    int suspend_timeout_seconds = 0;
    std::optional<std::string> endpoint_settings;  ///< JSON object
    std::optional<std::string> endpoint_provisioner;
    ComputeLimits compute;
};

struct CreatedBranch {
    Branch branch;
    Endpoint endpoint;
    std::vector<Operation> operations;
    std::vector<std::pair<Role, std::optional<Secret<>>>> roles;  ///< with passwords, those that can log in
    std::vector<Database> databases;
};

/// Returns when the branch's database accepts connections and its auth service answers. All or nothing.
awaitable<Result<CreatedBranch>> create_branch(Engine engine, Project project, BranchRequest request);

// ---- shared with restoring ----

/// Copies, starts and prepares on a worker thread; why it could not be done, for the operator. Blocks.
CopiedContents make_copy(const Engine& engine, const BranchId& parent, const BranchId& child, const CopyPlan& plan);
/// Rows of what was copied; passwords are sealed where the project stores them.
awaitable<std::vector<std::pair<Role, std::optional<Secret<>>>>> insert_copied_roles(const Engine& engine, pg::Executor& db, const Project& project,
                                                                                     const BranchId& branch, const CopiedContents& contents);
awaitable<std::vector<Database>> insert_copied_databases(pg::Executor& db, const BranchId& branch, const CopiedContents& contents);
/// Stops the branch, closes its port and removes its data.
awaitable<> remove_cluster(const Engine& engine, const BranchId& branch);
/// Waits until nobody makes, restores or removes the branch, and keeps others from it as long as the mark lives. What its rows say has to
/// be looked up afterwards.
awaitable<Underway::Mark> claim_branch(const Engine& engine, const BranchId& branch);
}  // namespace argon::branches
