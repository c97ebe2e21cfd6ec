#include "management/legacy_auth/lifecycle.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/integration_changes.hpp"
#include "legacy/migration.hpp"
#include "legacy/schema.hpp"

namespace argon::management::legacy_auth {
namespace {
legacy::DatabaseAccess access_to(const branches::Compute& compute, const BranchId& branch, const std::string& database, const std::string& owner) {
    return {.admin_conninfo = compute.admin_conninfo(branch, database),
            .service_conninfo = compute.service_conninfo(branch, database),
            .own_role = std::string{compute.own_role()},
            .owner = owner};
}

awaitable<legacy::Installed> install(const branches::Engine& engine, const BranchId& branch, const branches::Database& database) {
    co_await engine.compute.ensure_running(engine.home, branch);
    engine.compute.state(branch)->touch();
    co_return co_await engine.workers.run(engine.home, [&engine, &branch, &database] {
        const auto access = access_to(engine.compute, branch, database.name, database.owner_name);
        const auto installed = legacy::install(access);
        if (installed != legacy::Installed::done) return installed;
        // They may have moved to the newer service before; whoever makes this integration wants them here again.
        pg::Session service{access.service_conninfo};
        legacy::reopen_legacy(service);
        return installed;
    });
}
}  // namespace

awaitable<Result<MadeIntegration>> enable(branches::Engine engine, branches::Project project, BranchId branch,
                                          std::optional<std::string> database_name) {
    // The locks make calls for one project wait for each other while the schemas are made.
    auto tx = co_await engine.control.begin();
    const bool there = co_await branches::lock_project(tx, project.id);
    if (!there) co_return refuse(branches::errors::branch_not_found);
    const auto locked = co_await branches::lock_branch(tx, project.id, branch);
    if (!locked) co_return refuse(branches::errors::branch_not_found);
    const auto existing = co_await branches::find_integration(tx, branch);
    if (existing) co_return refuse(branches::errors::auth_enabled);
    const auto elsewhere = co_await branches::find_legacy_integration(tx, project.id);
    if (elsewhere) {
        co_return refuse_with({409, "", ""}, fmt::format("the project has a legacy integration already, on branch {}", elsewhere->branch_id.value));
    }
    const auto database = co_await branches::choose_database(engine, tx, branch, database_name);
    if (!database) co_return refuse(branches::errors::database_not_found);
    const auto installed = co_await install(engine, branch, *database);
    if (installed == legacy::Installed::foreign_schema) co_return refuse(branches::errors::foreign_schema);
    if (installed == legacy::Installed::not_permitted) co_return refuse(branches::errors::schema_not_permitted);

    const auto row = co_await branches::insert_integration(tx, branch, "stack", database->name);
    if (!row) co_return refuse(branches::errors::auth_enabled);
    const bool inserted = co_await branches::insert_legacy_integration(tx, *row, project.id, project.name);
    if (!inserted) co_return refuse(branches::errors::auth_enabled);
    auto keys = co_await branches::insert_legacy_keys(tx, row->auth_provider_project_id, "Made with the integration");
    auto integration = co_await branches::find_integration(tx, row->auth_provider_project_id);
    if (!integration) throw std::runtime_error("a legacy integration is gone before it was there");
    co_await tx.commit();
    engine.registry.invalidate(branch);
    log::info("legacy auth enabled", {{"branch", branch.value}, {"database", database->name}});
    co_return MadeIntegration{std::move(*integration), std::move(keys)};
}

awaitable<Result<>> disable(branches::Engine engine, branches::Integration integration, bool delete_data) {
    auto tx = co_await engine.control.begin();
    const auto& branch = integration.branch_id;
    const auto locked = co_await branches::lock_branch(tx, integration.project_id, branch);
    if (!locked) co_return refuse(branches::errors::branch_not_found);
    // Somebody else may have been faster; or the branch has moved to the newer service.
    const auto current = co_await branches::find_integration(tx, branch);
    if (!current || current->auth_provider_project_id != integration.project_uuid) co_return refuse(branches::errors::auth_not_enabled);
    if (delete_data) {
        co_await engine.compute.ensure_running(engine.home, branch);
        engine.compute.state(branch)->touch();
        co_await engine.workers.run(
            engine.home, [&engine, &branch, &current] { legacy::remove_all(access_to(engine.compute, branch, current->database_name, {})); });
    }
    co_await branches::delete_legacy_integration(tx, branch);
    co_await branches::delete_integration(tx, branch);
    co_await tx.commit();
    engine.registry.invalidate(branch);
    log::info("legacy auth disabled", {{"branch", branch.value}, {"data_deleted", delete_data}});
    co_return Result<>{};
}
}  // namespace argon::management::legacy_auth
