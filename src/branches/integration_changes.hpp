// What the management API changes of a legacy project (integration_records.hpp). Each function is one statement: of two changes at once
// both hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "branches/branch_records.hpp"
#include "branches/integration_records.hpp"

namespace argon::branches {

/// With the providers of a provisioned project: github and google, shared. False when the project has one already.
awaitable<bool> insert_legacy_integration(pg::Executor& db, const AuthIntegration& integration, const ProjectId& project, const std::string& name);
/// With keys, settings and codes. Does nothing where there is none.
awaitable<> delete_legacy_integration(pg::Executor& db, const BranchId& branch);

/// The branch's auth is the newer service's from now on; what is known of the legacy project goes, except `report`. False when there is none.
awaitable<bool> move_to_better_auth(pg::Executor& db, const Integration& integration, const std::string& report);
/// The report of a project that moved.
struct Moved {
    BranchId branch_id;
    std::string report;  ///< JSON

    static void columns(auto& column, auto& moved) { column(moved.branch_id)(moved.report); }
};
awaitable<std::optional<Moved>> find_moved(pg::Executor& db, const ProjectId& project);

enum class DomainAdded { done, known, too_many };
awaitable<DomainAdded> insert_legacy_domain(pg::Executor& db, const std::string& project_uuid, const std::string& domain, int most);
awaitable<> delete_legacy_domains(pg::Executor& db, const std::string& project_uuid, const std::vector<std::string>& domains);

/// Takes the place of a shared one. False when the provider has credentials of its own already, or both are shared.
awaitable<bool> insert_legacy_provider(pg::Executor& db, const std::string& project_uuid, const LegacyOauthProvider& provider);
/// What is absent stays as it is. Nothing when there is no such provider.
awaitable<std::optional<LegacyOauthProvider>> update_legacy_provider(pg::Executor& db, const std::string& project_uuid,
                                                                     const LegacyOauthProvider& change);
awaitable<bool> delete_legacy_provider(pg::Executor& db, const std::string& project_uuid, const std::string& id);

awaitable<> set_legacy_email_server(pg::Executor& db, const std::string& project_uuid, const LegacyEmailServer& server);
/// `members` is an object with some of LegacyConfig's, checked already; the others stay. Nothing when the project is gone.
awaitable<std::optional<LegacyConfig>> change_legacy_config(pg::Executor& db, const std::string& project_uuid, const std::string& members);
}  // namespace argon::branches
