// The life of a project: made with one branch, one database of one role and one endpoint, and removed as a whole.
//
// Rows come first, in state `init`; then the cluster; then the branch is `ready` and everybody can see the project. The other way
// round on the way out, through `deleting`. Whatever a crash leaves is in one of these states, and goes at the next start.
#pragma once

#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "branches/branch_records.hpp"
#include "branches/clusters.hpp"
#include "branches/database_records.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/engine.hpp"
#include "branches/operation_records.hpp"
#include "branches/project_records.hpp"
#include "pg/session.hpp"

namespace argon::branches {

/// The PostgreSQL that embedded branches run, and the only one a project can ask for.
inline constexpr int postgres_version = 15;
/// The region and the provisioner of a project that asks for none. Both are labels.
inline constexpr std::string_view local_label = "local";

struct NewProject {
    std::string owner_id;
    std::string name;  ///< empty: the project's id
    std::string region_id{local_label};
    std::string provisioner{local_label};
    std::string branch_name = "main";
    std::string database_name = "neondb";
    std::string role_name = "neondb_owner";
    bool store_passwords = true;
    int history_retention_seconds = 86400;
    int suspend_timeout_seconds = 0;
    ComputeLimits compute;
    std::string settings = "{}";
    std::string default_endpoint_settings = "{}";
};

struct CreatedProject {
    Project project;
    Branch branch;
    Endpoint endpoint;
    Role role;
    Secret<> password;
    Database database;
    std::vector<Operation> operations;
};

/// The row of a project that is to be made, with its id.
Project make_project(const NewProject& request);

/// Returns when the database accepts connections. When it cannot be made nothing is left but operations that say why.
awaitable<Result<CreatedProject>> create_project(Engine engine, NewProject request);

/// Refused with 404 when another call deletes it already.
awaitable<Result<>> delete_project(Engine engine, ProjectId project);

/// Removes branches that were left half made or half deleted while the program ran on, because the control database went away. Throws when
/// one of them cannot be removed, after all others.
awaitable<> remove_leftovers(Engine engine);
/// Removes what creating or deleting left unfinished when the program ended. Blocks; for start-up, before anything is served.
void recover_unfinished(pg::Session& control, Clusters& clusters);
}  // namespace argon::branches
