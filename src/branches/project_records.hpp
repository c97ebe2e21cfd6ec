// Projects: the rows of argonauth.project. A project is visible while its default branch is ready; one that is being made or
// deleted does not exist for anybody.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "branches/paging.hpp"
#include "pg/executor.hpp"

namespace argon::branches {

struct Project {
    ProjectId id;
    std::string name;
    std::string region_id;    ///< a label, as is the provisioner: everything is here
    std::string provisioner;
    int pg_version = 0;
    std::string owner_id;
    bool store_passwords = true;
    int history_retention_seconds = 0;
    std::string settings;                   ///< JSON object
    std::string default_endpoint_settings;  ///< JSON object
    TimePoint created_at;
    TimePoint updated_at;

    static void columns(auto& column, auto& project) {
        column(project.id)(project.name)(project.region_id)(project.provisioner)(project.pg_version)(project.owner_id)(project.store_passwords);
        column(project.history_retention_seconds)(project.settings)(project.default_endpoint_settings)(project.created_at)(project.updated_at);
    }
};

/// What an update changes; empty fields stay as they are. Settings are merged member by member.
struct ProjectChanges {
    std::optional<std::string> name;
    std::optional<int> history_retention_seconds;
    std::optional<std::string> settings;
    std::optional<std::string> default_endpoint_settings;
};

awaitable<std::optional<Project>> find_project(pg::Executor& db, const std::string& owner_id, const ProjectId& id);
/// In a transaction, nobody else adds, renames or chooses branches of the project until it ends. Taken before any lock on a branch.
/// False when the project is gone.
awaitable<bool> lock_project(pg::Executor& db, const ProjectId& id);
/// With `only`, at most this one.
awaitable<Page<Project>> list_projects(pg::Executor& db, const std::string& owner_id, const std::optional<ProjectId>& only, const PageRequest& page);
awaitable<Project> insert_project(pg::Executor& db, const Project& project);
awaitable<std::optional<Project>> update_project(pg::Executor& db, const std::string& owner_id, const ProjectId& id, const ProjectChanges& changes);
/// Its branches and all they have go with it.
awaitable<> delete_project_row(pg::Executor& db, const ProjectId& id);
}  // namespace argon::branches
