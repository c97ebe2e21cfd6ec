// Branches and the auth service enabled on them: the rows of argonauth.branch and argonauth.auth_integration.
// Only branches in state `ready` are found here; the others belong to lifecycle.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "branches/paging.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Branch {
    BranchId id;
    ProjectId project_id;
    std::optional<BranchId> parent_id;
    std::string name;
    std::string state;
    bool is_default = false;
    bool is_protected = false;
    TimePoint created_at;
    TimePoint updated_at;
    TimePoint state_changed_at;
    std::optional<std::string> init_source;  ///< of a copy: `parent-data` or `schema-only`
    std::optional<TimePoint> parent_timestamp;
    std::optional<TimePoint> expires_at;
    std::optional<int> ttl_seconds;
    std::optional<TimePoint> last_reset_at;
    std::optional<std::string> restored_from;
    std::optional<std::string> restored_as;
    std::optional<std::string> annotation;  ///< JSON object of texts

    static void columns(auto& column, auto& branch) {
        column(branch.id)(branch.project_id)(branch.parent_id)(branch.name)(branch.state)(branch.is_default)(branch.is_protected);
        column(branch.created_at)(branch.updated_at)(branch.state_changed_at)(branch.init_source)(branch.parent_timestamp);
        column(branch.expires_at)(branch.ttl_seconds)(branch.last_reset_at)(branch.restored_from)(branch.restored_as)(branch.annotation);
    }
};

/// A branch that is a copy, before it has a copy.
struct NewBranch {
    BranchId id;
    ProjectId project_id;
    BranchId parent_id;
    std::string name;
    std::string init_source;
    bool is_protected = false;
    std::optional<TimePoint> expires_at;
    std::optional<std::string> annotation;
};

/// What an update changes; empty fields stay as they are.
struct BranchChanges {
    std::optional<std::string> name;
    std::optional<bool> is_protected;
    bool changes_expiry = false;
    std::optional<TimePoint> expires_at;  ///< with changes_expiry: nothing means never
};

struct AuthIntegration {
    BranchId branch_id;
    std::string auth_provider;
    std::string auth_provider_project_id;
    std::string database_name;
    std::string owned_by;
    TimePoint created_at;

    static void columns(auto& column, auto& integration) {
        column(integration.branch_id)(integration.auth_provider)(integration.auth_provider_project_id)(integration.database_name);
        column(integration.owned_by)(integration.created_at);
    }
};

/// Of the Stack-compatible provider. A project has one of it, so a copy of its branch has the users but no integration.
inline bool is_legacy(const AuthIntegration& integration) { return integration.auth_provider == "stack"; }

struct BranchOrder {
    std::string by = "updated_at";  ///< name, created_at or updated_at
    bool ascending = false;
};

awaitable<std::optional<Branch>> find_branch(pg::Executor& db, const ProjectId& project, const BranchId& id);
awaitable<std::optional<Branch>> find_default_branch(pg::Executor& db, const ProjectId& project);
/// As find_branch; in a transaction nobody else changes the branch or its integration until it ends.
awaitable<std::optional<Branch>> lock_branch(pg::Executor& db, const ProjectId& project, const BranchId& id);
awaitable<Page<Branch>> list_branches(pg::Executor& db, const ProjectId& project, const PageRequest& page, const BranchOrder& order);
awaitable<std::int64_t> count_branches(pg::Executor& db, const ProjectId& project, const std::string& search);

/// In state `init`.
awaitable<Branch> insert_default_branch(pg::Executor& db, const ProjectId& project, const BranchId& id, const std::string& name);
/// Ready at once, and the default branch when the project has none. Absent when the project has a branch of that name.
awaitable<std::optional<Branch>> insert_attached_branch(pg::Executor& db, const ProjectId& project, const BranchId& id, const std::string& name);
/// In state `init`; nothing when the project has a branch of this name already, ready or not.
awaitable<std::optional<Branch>> insert_branch(pg::Executor& db, const NewBranch& branch);
awaitable<Branch> set_branch_ready(pg::Executor& db, const BranchId& id);
/// A copy that is complete; nothing when its row is gone, or about to go with its project.
awaitable<std::optional<Branch>> set_copy_ready(pg::Executor& db, const BranchId& id);
/// Ready, or on its way in or out: branches of the project that were copied from this one.
awaitable<bool> has_children(pg::Executor& db, const BranchId& id);
awaitable<bool> is_name_taken(pg::Executor& db, const ProjectId& project, const std::string& name, const BranchId& except);
awaitable<Branch> update_branch(pg::Executor& db, const BranchId& id, const BranchChanges& changes);
awaitable<Branch> set_default_branch(pg::Executor& db, const ProjectId& project, const BranchId& id);
awaitable<> set_branch_deleting(pg::Executor& db, const BranchId& id);
awaitable<> delete_branch_row(pg::Executor& db, const BranchId& id);
/// Branches whose time has come, of all projects.
awaitable<std::vector<Branch>> list_expired_branches(pg::Executor& db);

/// The directory of the branch's cluster (0002_branching.sql).
awaitable<std::string> get_cluster_name(pg::Executor& db, const BranchId& id);
struct Restored {
    std::string cluster;  ///< where the branch's data are from now on
    BranchId from;
    std::optional<BranchId> as;  ///< the branch that has the data it had before
};
awaitable<Branch> set_branch_restored(pg::Executor& db, const BranchId& id, const Restored& restored);
/// The branch that keeps the data of another one when that is restored; it takes its children over. Ready at once.
awaitable<Branch> insert_preserved_branch(pg::Executor& db, const BranchId& id, const Branch& original, const std::string& name,
                                          const std::string& cluster);
/// The project's branches that this call took out of service, unfinished ones among them; none when another one did already.
awaitable<std::vector<BranchId>> set_branches_deleting(pg::Executor& db, const ProjectId& project);

awaitable<std::optional<AuthIntegration>> find_integration(pg::Executor& db, const BranchId& branch);
/// Nothing when there is one already.
awaitable<std::optional<AuthIntegration>> insert_integration(pg::Executor& db, const BranchId& branch, const std::string& provider,
                                                             const std::string& database);
/// The database of auth has another name now.
awaitable<> move_integration(pg::Executor& db, const BranchId& branch, const std::string& database);
awaitable<> delete_integration(pg::Executor& db, const BranchId& branch);
}  // namespace argon::branches
