#include <fmt/format.h>

#include "branches/auth_lifecycle.hpp"
#include "branches/branch_contents.hpp"
#include "branches/copy_contents.hpp"
#include "branches/role_password.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {

std::optional<std::string> seal(const Engine& engine, const Project& project, const BranchId& branch, const std::string& name,
                                const Secret<>& password) {
    if (!project.store_passwords) return std::nullopt;
    return seal_role_password(engine.master_key, branch, name, password);
}

/// False when there is such a role already.
bool create_in(pg::Session& admin, const std::string& name, const std::optional<Secret<>>& password) {
    const auto quoted = admin.quote_identifier(name);
    // As the first role of a branch: no CREATEROLE, which could leave the database for the host (clusters.cpp).
    const auto login = password ? fmt::format("LOGIN CREATEDB PASSWORD {}", admin.quote_literal(password->reveal())) : "NOLOGIN";
    try {
        admin.execute(fmt::format("CREATE ROLE {} {}", quoted, login));
        return true;
    } catch (const pg::QueryError& error) {
        if (error.state == "42710") return false;
        throw;
    }
}

/// What a role owns or may do is written down in each database, and all of it must go before the role can.
void drop_in(const Compute& compute, const BranchId& branch, const std::string& name) {
    pg::Session admin{compute.admin_conninfo(branch, "postgres")};
    const auto role = admin.quote_identifier(name);
    for (const auto& database : read_databases(admin)) {
        pg::Session inside{compute.admin_conninfo(branch, database.name)};
        inside.execute(fmt::format("REASSIGN OWNED BY {} TO {}; DROP OWNED BY {}", role, inside.quote_identifier(database.owner), role));
    }
    admin.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = $1", name);
    admin.execute(fmt::format("DROP OWNED BY {}; DROP ROLE {}", role, role));
}

bool owns_database(pg::Session& admin, const std::string& name) {
    return admin.query("SELECT EXISTS (SELECT FROM pg_database WHERE pg_get_userbyid(datdba) = $1)", name).one<bool>();
}

awaitable<> wake(const Engine& engine, const BranchId& branch) {
    co_await engine.compute.ensure_running(engine.home, branch);
    engine.compute.state(branch)->touch();
}
}  // namespace

awaitable<Result<ChangedRole>> create_role(Engine engine, Project project, Branch branch, std::string name, bool can_login) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    ChangedRole made;
    if (can_login) made.password = make_role_password();
    co_await wake(engine, branch.id);
    const bool created = co_await engine.workers.run(engine.home, [&engine, &branch, &name, &made] {
        pg::Session admin{engine.compute.admin_conninfo(branch.id, "postgres")};
        return create_in(admin, name, made.password);
    });
    if (!created) co_return refuse(errors::role_exists);
    std::optional<std::string> sealed;
    if (made.password) sealed = seal(engine, project, branch.id, name, *made.password);
    made.role = co_await insert_role(tx, branch.id, name, sealed);
    made.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    co_return made;
}

awaitable<Result<ChangedRole>> remove_role(Engine engine, Branch branch, std::string name) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto role = co_await find_role(tx, branch.id, name);
    if (!role) co_return refuse(errors::role_not_found);
    if (role->is_protected) co_return refuse(errors::role_is_protected);
    co_await wake(engine, branch.id);
    const bool dropped = co_await engine.workers.run(engine.home, [&engine, &branch, &name] {
        pg::Session admin{engine.compute.admin_conninfo(branch.id, "postgres")};
        if (owns_database(admin, name)) return false;
        drop_in(engine.compute, branch.id, name);
        return true;
    });
    if (!dropped) co_return refuse(errors::role_owns_database);
    ChangedRole removed{*role, std::nullopt, {}};
    co_await delete_role(tx, branch.id, name);
    removed.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    co_return removed;
}

awaitable<Result<ChangedRole>> reset_role_password(Engine engine, Project project, Branch branch, std::string name) {
    if (!engine.compute.makes_databases()) co_return refuse(errors::made_elsewhere);
    auto tx = co_await engine.control.begin();
    const auto locked = co_await lock_branch(tx, branch.project_id, branch.id);
    if (!locked) co_return refuse(errors::branch_not_found);
    const auto role = co_await find_role(tx, branch.id, name);
    if (!role) co_return refuse(errors::role_not_found);
    ChangedRole reset;
    reset.password = make_role_password();
    co_await wake(engine, branch.id);
    co_await engine.workers.run(engine.home, [&engine, &branch, &name, &reset] {
        pg::Session admin{engine.compute.admin_conninfo(branch.id, "postgres")};
        admin.execute(fmt::format("ALTER ROLE {} PASSWORD {}", admin.quote_identifier(name), admin.quote_literal(reset.password->reveal())));
    });
    reset.role = co_await update_role_password(tx, branch.id, name, seal(engine, project, branch.id, name, *reset.password));
    reset.operations = co_await insert_finished_operations(tx, {branch.project_id, branch.id, std::nullopt, "apply_config"});
    co_await tx.commit();
    co_return reset;
}
}  // namespace argon::branches
