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

    static void columns(auto& column, auto& branch) {
        column(branch.id)(branch.project_id)(branch.parent_id)(branch.name)(branch.state)(branch.is_default)(branch.is_protected);
        column(branch.created_at)(branch.updated_at)(branch.state_changed_at);
    }
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
awaitable<Branch> set_branch_ready(pg::Executor& db, const BranchId& id);
/// The project's branches that this call took out of service; none when another one did already.
awaitable<std::vector<BranchId>> set_branches_deleting(pg::Executor& db, const ProjectId& project);

awaitable<std::optional<AuthIntegration>> find_integration(pg::Executor& db, const BranchId& branch);
/// Nothing when there is one already.
awaitable<std::optional<AuthIntegration>> insert_integration(pg::Executor& db, const BranchId& branch, const std::string& provider,
                                                             const std::string& database);
awaitable<> delete_integration(pg::Executor& db, const BranchId& branch);
}  // namespace argon::branches
