#include "branches/auth_lifecycle.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/database_records.hpp"
#include "branches/endpoint_records.hpp"
#include "branches/migrations.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {

struct SchemaRequest {
    BranchId branch;
    Database database;
    std::string project_name;
    EndpointId endpoint;
    std::string social_providers;  ///< of a new schema
};

// One row when there is a schema: is it ours? Ours belongs to our role and has our table, or nothing yet if we were interrupted.
constexpr const char* select_schema_is_ours = R"sql(
    SELECT n.nspowner = r.oid
           AND (EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'argonauth_migration' AND c.relkind = 'r' AND c.relowner = r.oid)
                OR NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = n.oid))
      FROM pg_namespace n, pg_roles r
     WHERE n.nspname = 'neon_auth' AND r.rolname = CASE WHEN $1 = '' THEN current_user ELSE $1 END)sql";

constexpr const char* select_may_create = "SELECT has_database_privilege(current_database(), 'CREATE')";

/// Catalogs answer at once or not at all; a server that keeps silent must not hold a worker.
constexpr std::chrono::seconds catalog_patience{10};

enum class Claim { ours, foreign, not_permitted };

/// The superuser's part looks at catalogs only: tables of a tenant are the business of our own role, which has no power to lend
/// to a hostile trigger. In an attached database there is one role for all of it, and nothing is made but the schema.
Claim claim_schema(const Compute& compute, const SchemaRequest& request) {
    pg::Session admin{compute.admin_conninfo(request.branch, request.database.name), catalog_patience};
    admin.execute("SET lock_timeout = '5s'");
    const std::string role{compute.own_role()};
    const auto ours = admin.query(select_schema_is_ours, role).maybe<bool>();
    if (ours && !*ours) return Claim::foreign;
    if (!ours) {
        if (!admin.query(select_may_create).one<bool>()) return Claim::not_permitted;
        admin.execute("CREATE SCHEMA neon_auth" + (role.empty() ? "" : " AUTHORIZATION " + role));
    }
    // The owner of the database reads and writes the users as their own.
    if (!role.empty()) admin.execute(fmt::format("GRANT {} TO {}", role, admin.quote_identifier(request.database.owner_name)));
    return Claim::ours;
}

void fill_schema(const Compute& compute, const SchemaRequest& request) {
    pg::Session service{compute.service_conninfo(request.branch, request.database.name)};
    service.migrate("neon_auth", migrations::neon_auth);
    const auto kept = service.query("UPDATE neon_auth.project_config SET endpoint_id = $1, updated_at = now() RETURNING id", request.endpoint);
    if (!kept.empty()) return;
    service.query("INSERT INTO neon_auth.project_config (name, endpoint_id, social_providers) VALUES ($1, $2, $3)", request.project_name,
                  request.endpoint, request.social_providers);
}

/// A tenant can rename or drop it with SQL.
bool is_there(const Compute& compute, const BranchId& branch, const std::string& database) {
    pg::Session catalog{compute.catalog_conninfo(branch), catalog_patience};
    return catalog.query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).one<bool>();
}

void drop_schema(const Compute& compute, const BranchId& branch, const std::string& database) {
    if (!is_there(compute, branch, database)) return;
    pg::Session admin{compute.admin_conninfo(branch, database)};
    admin.execute("SET lock_timeout = '5s'");
    try {
        // What the legacy provider left behind when the branch moved from it holds users as well.
        const auto moved = admin.query("SELECT to_regclass('stack_auth.argonauth_migration') IS NOT NULL").one<bool>();
        admin.execute(moved ? "DROP SCHEMA IF EXISTS neon_auth, stack_auth CASCADE" : "DROP SCHEMA IF EXISTS neon_auth CASCADE");
    } catch (const pg::QueryError& error) {
        if (error.state == "55P03") throw pg::Unavailable{"the tables of neon_auth are locked by another session"};
        throw;
    }
}

/// A database that somebody made with SQL becomes known to the control state here.
awaitable<std::optional<Database>> adopt_database(const Engine& engine, pg::Executor& db, const BranchId& branch, const std::string& name) {
    co_await engine.compute.ensure_running(engine.home, branch);
    const auto owner = co_await engine.workers.run(engine.home, [&engine, &branch, &name] {
        pg::Session admin{engine.compute.catalog_conninfo(branch), catalog_patience};
        return admin.query("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1 AND NOT datistemplate AND datname <> 'postgres'", name)
            .maybe<std::string>();
    });
    if (!owner) co_return std::nullopt;
    co_return co_await insert_database(db, branch, name, *owner);
}
}  // namespace

awaitable<bool> has_database(Engine engine, BranchId branch, std::string name) {
    co_await engine.compute.ensure_running(engine.home, branch);
    co_return co_await engine.workers.run(engine.home, [&engine, &branch, &name] { return is_there(engine.compute, branch, name); });
}

std::optional<ErrorSpec> make_auth_schema(const Engine& engine, const BranchId& branch, const Database& database, const std::string& project_name,
                                          const EndpointId& endpoint) {
    const auto* social_providers = engine.shares_google ? R"([{"id":"google","isShared":true}])" : "[]";
    const SchemaRequest request{branch, database, project_name, endpoint, social_providers};
    const auto claim = claim_schema(engine.compute, request);
    if (claim == Claim::foreign) return errors::foreign_schema;
    if (claim == Claim::not_permitted) return errors::schema_not_permitted;
    fill_schema(engine.compute, request);
    return {};
}

awaitable<std::optional<Database>> choose_database(const Engine& engine, pg::Executor& db, const BranchId& branch,
                                                   const std::optional<std::string>& name) {
    if (!name) co_return co_await find_default_database(db, branch);
    auto known = co_await find_database(db, branch, *name);
    if (known) co_return known;
    co_return co_await adopt_database(engine, db, branch, *name);
}

awaitable<Result<AuthIntegration>> enable_auth(Engine engine, Project project, BranchId branch, std::optional<std::string> database_name) {
    // The row lock makes calls for one branch wait for each other while the schema is made.
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, project.id, branch);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto existing = co_await find_integration(tx, branch);
    if (existing) co_return refuse(errors::auth_enabled);
    const auto database = co_await choose_database(engine, tx, branch, database_name);
    if (!database) co_return refuse(errors::database_not_found);
    const auto endpoint = co_await require_main_endpoint(tx, branch);
    if (!endpoint) co_return std::unexpected(endpoint.error());

    co_await engine.compute.ensure_running(engine.home, branch);
    engine.compute.state(branch)->touch();
    const auto obstacle =
        co_await engine.workers.run(engine.home, [&] { return make_auth_schema(engine, branch, *database, project.name, endpoint->id); });
    if (obstacle) co_return refuse(*obstacle);

    auto integration = co_await insert_integration(tx, branch, "better_auth", database->name);
    if (!integration) co_return refuse(errors::auth_enabled);
    co_await tx.commit();
    engine.registry.invalidate(branch);
    log::info("auth enabled", {{"branch", branch.value}, {"database", database->name}});
    co_return std::move(*integration);
}

awaitable<Result<>> disable_auth(Engine engine, ProjectId project, BranchId branch, bool delete_data) {
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, project, branch);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto integration = co_await find_integration(tx, branch);
    if (!integration) co_return refuse(errors::auth_not_enabled);
    if (delete_data) {
        co_await engine.compute.ensure_running(engine.home, branch);
        engine.compute.state(branch)->touch();
        co_await engine.workers.run(engine.home,
                                    [&engine, &branch, &integration] { drop_schema(engine.compute, branch, integration->database_name); });
    }
    co_await delete_integration(tx, branch);
    co_await tx.commit();
    engine.registry.invalidate(branch);
    log::info("auth disabled", {{"branch", branch.value}, {"data_deleted", delete_data}});
    co_return Result<>{};
}
}  // namespace argon::branches
