// What happens to a branch after it was made: renamed, protected, made the default, given an end, deleted.
#pragma once

#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "branches/branch_records.hpp"
#include "branches/engine.hpp"
#include "branches/operation_records.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec default_is_kept{422, "", "the default branch of a project cannot be deleted; make another branch the default first"};
inline constexpr ErrorSpec protected_is_kept{422, "", "the branch is protected; remove its protection first"};
inline constexpr ErrorSpec children_keep_it{422, "", "the branch has children, which must be deleted first"};
inline constexpr ErrorSpec cannot_expire{422, "", "a branch that is the default, is protected or has children cannot expire"};
}  // namespace errors

struct ChangedBranch {
    Branch branch;
    std::vector<Operation> operations;
};

awaitable<Result<ChangedBranch>> change_branch(Engine engine, ProjectId project, BranchId id, BranchChanges changes);
awaitable<Result<ChangedBranch>> make_default(Engine engine, ProjectId project, BranchId id);
/// Refused for the default branch, a protected one and one with children. The result is the branch as it was.
awaitable<Result<ChangedBranch>> delete_branch(Engine engine, ProjectId project, BranchId id);

/// Deletes branches whose time has come, a few at a call. One that has children waits until they are gone.
awaitable<> delete_expired_branches(Engine engine);
}  // namespace argon::branches
