#include "legacy/schema.hpp"

#include <span>

#include "pg/errors.hpp"
#include "pg/migration.hpp"
#include "pg/session.hpp"

namespace argon::migrations {
extern const std::span<const pg::Migration> stack_auth;
}

namespace argon::legacy {
namespace {
// Whether there is such a schema that is not ours: ours belongs to our role and has our table, or nothing yet if we were interrupted.
constexpr const char* select_is_foreign = R"sql(
    SELECT NOT (n.nspowner = r.oid
                AND (EXISTS (SELECT FROM pg_class c
                              WHERE c.relnamespace = n.oid AND c.relname = 'argonauth_migration' AND c.relkind = 'r' AND c.relowner = r.oid)
                     OR NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid)))
      FROM pg_namespace n, pg_roles r
     WHERE n.nspname = $1 AND r.rolname = CASE WHEN $2 = '' THEN current_user ELSE $2 END)sql";

constexpr const char* select_may_create = "SELECT has_database_privilege(current_database(), 'CREATE')";
constexpr const char* schemas[] = {"neon_auth", "stack_auth"};

Installed claim_schemas(const DatabaseAccess& access) {
    pg::Session admin{access.admin_conninfo};
    admin.execute("SET lock_timeout = '5s'");
    std::string script;
    for (const std::string schema : schemas) {
        const auto foreign = admin.query(select_is_foreign, schema, access.own_role).maybe<bool>();
        if (foreign && *foreign) return Installed::foreign_schema;
        if (foreign) continue;
        script += "CREATE SCHEMA " + schema;
        if (!access.own_role.empty()) script += " AUTHORIZATION " + admin.quote_identifier(access.own_role);
        script += ";";
    }
    if (!script.empty() && !admin.query(select_may_create).one<bool>()) return Installed::not_permitted;
    if (!access.own_role.empty()) script += "GRANT " + admin.quote_identifier(access.own_role) + " TO " + admin.quote_identifier(access.owner);
    if (!script.empty()) admin.execute(script);
    return Installed::done;
}
}  // namespace

Installed install(const DatabaseAccess& access) {
    const auto claim = claim_schemas(access);
    if (claim != Installed::done) return claim;
    pg::Session service{access.service_conninfo};
    // No tables of the newer auth service, but the mark by which it knows the schema as ours should the branch move to it.
    service.migrate("neon_auth", {});
    service.migrate("stack_auth", migrations::stack_auth);
    return Installed::done;
}

void remove_all(const DatabaseAccess& access) {
    pg::Session admin{access.admin_conninfo};
    admin.execute("SET lock_timeout = '5s'");
    try {
        admin.execute("DROP SCHEMA IF EXISTS neon_auth, stack_auth CASCADE");
    } catch (const pg::QueryError& error) {
        if (error.state == "55P03") throw pg::Unavailable{"the tables of neon_auth are locked by another session"};
        throw;
    }
}
}  // namespace argon::legacy
