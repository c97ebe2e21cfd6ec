#include "branches/branch_contents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "branches/auth_lifecycle.hpp"
#include "branches/copy_contents.hpp"
#include "branches/role_password.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
constexpr std::string_view superuser_database = "postgres";

std::string admin_conninfo(const Engine& engine, const BranchId& branch) {
    return engine.compute.admin_conninfo(branch, std::string{superuser_database});
}

/// Starts the branch and runs `work` with a superuser's session in it, on a worker.
template <class Work>
awaitable<std::invoke_result_t<Work, pg::Session&>> as_admin(const Engine& engine, const BranchId& branch, Work work) {
    co_await engine.compute.ensure_running(engine.home, branch);
    engine.compute.state(branch)->touch();
    co_return co_await engine.workers.run(engine.home, [&engine, &branch, &work] {
        pg::Session admin{admin_conninfo(engine, branch)};
        return work(admin);
    });
}

/// What PostgreSQL refused with one of these states is the client's mistake; anything else is a fault.
using Refusals = std::initializer_list<std::pair<std::string_view, ErrorSpec>>;
std::optional<ErrorSpec> try_execute(pg::Session& admin, const std::string& script, Refusals refusals) {
    try {
        admin.execute(script);
        return std::nullopt;
    } catch (const pg::QueryError& error) {
        const auto known = std::ranges::find(refusals, error.state, &std::pair<std::string_view, ErrorSpec>::first);
        if (known == refusals.end()) throw;
        return known->second;
    }
}

struct Catalog {
    std::vector<CopiedRole> roles;
    std::vector<CopiedDatabase> databases;
};

awaitable<Catalog> read_catalog(const Engine& engine, const BranchId& branch) {
    co_return co_await as_admin(engine, branch, [](pg::Session& admin) { return Catalog{read_roles(admin), read_databases(admin)}; });
}

/// Nothing when the server stops meanwhile, because its endpoint goes for instance.
awaitable<std::optional<Catalog>> try_read_catalog(const Engine& engine, const BranchId& branch) {
    try {
        auto catalog = co_await read_catalog(engine, branch);
        co_return catalog;
    } catch (const pg::Unavailable&) {
    } catch (const pg::QueryError& error) {
        if (!error.state.starts_with("57P")) throw;
    }
    co_return std::nullopt;
}

bool agree(const std::vector<Role>& known, const std::vector<CopiedRole>& found) {
    const auto is_found = [&](const Role& role) { return std::ranges::find(found, role.name, &CopiedRole::name) != found.end(); };
    return known.size() == found.size() && std::ranges::all_of(known, is_found);
}

bool agree(const std::vector<Database>& known, const std::vector<CopiedDatabase>& found) {
    const auto is_found = [&](const Database& database) {
        return std::ranges::any_of(found,
                                   [&](const CopiedDatabase& other) { return other.name == database.name && other.owner == database.owner_name; });
    };
    return known.size() == found.size() && std::ranges::all_of(known, is_found);
}

awaitable<> adopt_roles(pg::Executor& db, const BranchId& branch, const std::vector<Role>& known, const std::vector<CopiedRole>& found) {
    for (const auto& role : found) {
        const bool is_known = std::ranges::find(known, role.name, &Role::name) != known.end();
        if (!is_known) co_await insert_role(db, branch, role.name, std::nullopt);
    }
    for (const auto& role : known) {
        const bool exists = std::ranges::find(found, role.name, &CopiedRole::name) != found.end();
        if (!exists) co_await delete_role(db, branch, role.name);
    }
}

awaitable<> adopt_databases(pg::Executor& db, const BranchId& branch, const std::vector<Database>& known, const std::vector<CopiedDatabase>& found) {
    for (const auto& database : found) co_await insert_database(db, branch, database.name, database.owner);
    for (const auto& database : known) {
        const bool exists = std::ranges::find(found, database.name, &CopiedDatabase::name) != found.end();
        if (!exists) co_await delete_database(db, database.id);
    }
}
}  // namespace

awaitable<> refresh_contents(Engine engine, BranchId branch, ProjectId project) {
    // Roles of a server that others run are theirs: only that of the connection string is ours to show.
    if (!engine.compute.makes_databases()) co_return;
    const auto seen = co_await try_read_catalog(engine, branch);
    const auto seen_roles = co_await list_roles(engine.control, branch);
    const auto seen_databases = co_await list_databases(engine.control, branch);
    if (seen && agree(seen_roles, seen->roles) && agree(seen_databases, seen->databases)) co_return;

    // Once more under the lock that all changes take, and removals of endpoints: what looked different may have been one under way.
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, project, branch);
    if (!locked) co_return;
    const auto found = co_await read_catalog(engine, branch);
    const auto roles = co_await list_roles(tx, branch);
    const auto databases = co_await list_databases(tx, branch);
    co_await adopt_roles(tx, branch, roles, found.roles);
    co_await adopt_databases(tx, branch, databases, found.databases);
    co_await tx.commit();
}

awaitable<Result<ChangedDatabase>> create_database(Engine engine, Branch branch, std::string name, std::string owner) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto refusal = co_await as_admin(engine, branch.id, [&name, &owner](pg::Session& admin) {
        const auto script = fmt::format("CREATE DATABASE {} OWNER {}", admin.quote_identifier(name), admin.quote_identifier(owner));
        return try_execute(admin, script, {{"42P04", errors::database_exists}, {"42704", errors::owner_not_found}});
    });
    if (refusal) co_return refuse(*refusal);
    ChangedDatabase made;
    made.database = co_await insert_database(tx, branch.id, name, owner);
    made.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    co_return made;
}

awaitable<Result<ChangedDatabase>> change_database(Engine engine, Branch branch, std::string name, std::optional<std::string> new_name,
                                                   std::optional<std::string> new_owner) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto known = co_await find_database(tx, branch.id, name);
    if (!known) co_return refuse(errors::database_not_found);
    const auto integration = co_await find_integration(tx, branch.id);
    const bool has_auth = integration && integration->database_name == name;
    const auto target = new_name.value_or(name);
    const auto owner = new_owner.value_or(known->owner_name);

    const auto refusal = co_await as_admin(engine, branch.id, [&](pg::Session& admin) -> std::optional<ErrorSpec> {
        const auto from = admin.quote_identifier(name);
        if (new_owner) {
            auto script = fmt::format("ALTER DATABASE {} OWNER TO {}", from, admin.quote_identifier(owner));
            if (has_auth) script = fmt::format("GRANT neon_auth TO {}; {}", admin.quote_identifier(owner), script);
            const auto refused = try_execute(admin, script, {{"42704", errors::owner_not_found}});
            if (refused) return refused;
        }
        if (target == name) return std::nullopt;
        // Not in one transaction with the rename: the ends of the connections must be seen first.
        admin.execute(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS false", from));
        admin.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = $1", name);
        const auto refused = try_execute(admin, fmt::format("ALTER DATABASE {} RENAME TO {}", from, admin.quote_identifier(target)),
                                         {{"42P04", errors::database_exists}});
        admin.execute(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS true", refused ? from : admin.quote_identifier(target)));
        return refused;
    });
    if (refusal) co_return refuse(*refusal);
    ChangedDatabase changed;
    changed.database = co_await update_database(tx, known->id, target, owner);
    if (has_auth) co_await move_integration(tx, branch.id, target);
    changed.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    if (has_auth) engine.registry.invalidate(branch.id);
    co_return changed;
}

awaitable<Result<ChangedDatabase>> remove_database(Engine engine, Branch branch, std::string name) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto known = co_await find_database(tx, branch.id, name);
    if (!known) co_return refuse(errors::database_not_found);
    const auto integration = co_await find_integration(tx, branch.id);
    if (integration && integration->database_name == name) co_return refuse(errors::database_has_auth);
    co_await as_admin(engine, branch.id, [&name](pg::Session& admin) {
        admin.execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", admin.quote_identifier(name)));
        return true;
    });
    ChangedDatabase removed{*known, {}};
    co_await delete_database(tx, known->id);
    removed.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    co_return removed;
}
}  // namespace argon::branches
