#include "branches/copy_contents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "branches/role_password.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
// ---- structure without rows

// A tenant's triggers on TRUNCATE would run with the superuser's rights, and ENABLE ALWAYS beats session_replication_role: they are off
// while the rows go. Nobody else is connected. Settings and signing keys stay, or auth would not work; statistics hold values of rows.
constexpr const char* remove_rows = R"sql(
DO $do$
DECLARE
    t record;
    tables text;
BEGIN
    CREATE TEMPORARY TABLE argonauth_trigger ON COMMIT DROP AS
        SELECT format('%I.%I', n.nspname, c.relname) AS relation, g.tgname AS name, g.tgenabled AS mode
          FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE g.tgtype & 32 <> 0 AND NOT g.tgisinternal AND g.tgenabled <> 'D';
    FOR t IN SELECT * FROM argonauth_trigger LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', t.relation, t.name);
    END LOOP;

    SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ') INTO tables
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND NOT (n.nspname IN ('neon_auth', 'stack_auth') AND c.relname IN ('project_config', 'jwks', 'argonauth_migration'))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
    IF tables IS NOT NULL THEN
        EXECUTE 'TRUNCATE ' || tables || ' RESTART IDENTITY CASCADE';
    END IF;

    FOR t IN SELECT * FROM argonauth_trigger LOOP
        EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.relation, CASE t.mode WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, t.name);
    END LOOP;
    FOR t IN SELECT format('%I.%I', n.nspname, c.relname) AS relation
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated LOOP
        EXECUTE 'REFRESH MATERIALIZED VIEW ' || t.relation || ' WITH NO DATA';
    END LOOP;
    PERFORM lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
    DELETE FROM pg_catalog.pg_statistic;
    DELETE FROM pg_catalog.pg_statistic_ext_data;
END $do$)sql";

void remove_all_rows(const Compute& compute, const BranchId& branch, const std::vector<CopiedDatabase>& databases) {
    for (const auto& database : databases) {
        pg::Session admin{compute.admin_conninfo(branch, database.name)};
        admin.execute(remove_rows);
    }
}

// ---- auth

// Rows of sessions stay, for who looks at them; their tokens were the parent's and open nothing here. Two UUIDs are 244 random bits.
// Codes and links that were on their way belong to the parent as well.
constexpr const char* devalue_tokens = R"sql(
    UPDATE neon_auth.session SET token = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    UPDATE neon_auth.verification SET "expiresAt" = least("expiresAt", now()))sql";

constexpr const char* remove_personal_state = R"sql(
    DELETE FROM neon_auth.session;
    DELETE FROM neon_auth.verification;
    UPDATE neon_auth.account SET "accessToken" = NULL, "refreshToken" = NULL, "idToken" = NULL,
                                 "accessTokenExpiresAt" = NULL, "refreshTokenExpiresAt" = NULL)sql";

// Mails and events that wait to be sent are the parent's to send. Found by name, since not every branch has these tables.
constexpr const char* empty_outboxes = R"sql(
DO $do$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_catalog.pg_class c
              WHERE c.relnamespace = 'neon_auth'::regnamespace AND c.relkind = 'r' AND c.relname IN ('argonauth_mail', 'argonauth_webhook_delivery') LOOP
        EXECUTE format('DELETE FROM neon_auth.%I', t.relname);
    END LOOP;
END $do$)sql";

// What signs somebody in belongs to the parent: its integration stays where it is (docs/design/0010-legacy-integrations.md).
constexpr const char* empty_legacy = R"sql(
DO $do$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_catalog.pg_class c
              WHERE c.relnamespace = 'stack_auth'::regnamespace AND c.relkind = 'r'
               AND c.relname IN ('session', 'verification_code', 'team_invitation', 'argonauth_mail') LOOP
        EXECUTE format('DELETE FROM stack_auth.%I', t.relname);
    END LOOP;
END $do$)sql";

bool prepare_legacy(const Compute& compute, const BranchId& branch, const std::string& database) {
    pg::Session service{compute.service_conninfo(branch, database)};
    if (service.query("SELECT to_regclass('stack_auth.argonauth_migration')::text").one<std::optional<std::string>>() == std::nullopt) return false;
    service.execute(empty_legacy);
    return true;
}

// ---- roles

void set_passwords(pg::Session& admin, std::vector<CopiedRole>& roles, const CopyPlan& plan) {
    std::string script;
    const auto set = [&](const std::string& role, const Secret<>& password) {
        script += fmt::format("ALTER ROLE {} PASSWORD {};", admin.quote_identifier(role), admin.quote_literal(password.reveal()));
    };
    for (auto& role : roles) {
        if (!role.can_login) continue;
        if (const auto kept = plan.verifiers.find(role.name); kept != plan.verifiers.end()) {
            set(role.name, kept->second);
            if (const auto known = plan.passwords.find(role.name); known != plan.passwords.end()) role.password = known->second;
        } else {
            role.password = make_role_password();
            set(role.name, *role.password);
        }
    }
    if (!script.empty()) admin.execute(script);
}

struct VerifierRow {
    std::string role;
    std::string verifier;

    static void columns(auto& column, auto& row) { column(row.role)(row.verifier); }
};

struct RoleRow {
    std::string name;
    bool can_login = false;

    static void columns(auto& column, auto& row) { column(row.name)(row.can_login); }
};

bool contains(const std::vector<CopiedDatabase>& databases, const std::optional<std::string>& name) {
    return name && std::ranges::find(databases, *name, &CopiedDatabase::name) != databases.end();
}
}  // namespace

/// As the service's own role: the tables are the tenant's to put triggers on. False when there is no schema of ours.
bool prepare_auth(const Compute& compute, const BranchId& branch, const CopyPlan& plan) {
    pg::Session service{compute.service_conninfo(branch, *plan.auth_database)};
    if (service.query("SELECT to_regclass('neon_auth.project_config')::text").one<std::optional<std::string>>() == std::nullopt) return false;
    service.execute("BEGIN");
    service.query("UPDATE neon_auth.project_config SET endpoint_id = $1, updated_at = now()", plan.endpoint);
    service.execute(plan.scrub_auth ? remove_personal_state : devalue_tokens);
    service.execute(empty_outboxes);
    service.execute("COMMIT");
    return true;
}

std::map<std::string, Secret<>> read_verifiers(pg::Session& admin) {
    const auto rows = admin.query("SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL AND NOT rolsuper");
    std::map<std::string, Secret<>> verifiers;
    for (auto& row : rows.all<VerifierRow>()) verifiers.emplace(std::move(row.role), Secret<>{std::move(row.verifier)});
    return verifiers;
}

std::vector<CopiedRole> read_roles(pg::Session& admin) {
    const auto rows = admin.query(R"sql(
        SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname !~ '^pg_' AND NOT rolsuper AND rolname <> 'neon_auth' ORDER BY oid)sql");
    std::vector<CopiedRole> roles;
    for (auto& row : rows.all<RoleRow>()) roles.push_back({std::move(row.name), row.can_login, std::nullopt});
    return roles;
}

std::vector<CopiedDatabase> read_databases(pg::Session& admin) {
    return admin
        .query(R"sql(
            SELECT datname, pg_get_userbyid(datdba) FROM pg_database
             WHERE NOT datistemplate AND datallowconn AND datname <> 'postgres' ORDER BY oid)sql")
        .all<CopiedDatabase>();
}

CopiedContents prepare_copy(const Compute& compute, const BranchId& branch, const CopyPlan& plan) {
    CopiedContents contents;
    pg::Session admin{compute.admin_conninfo(branch, "postgres")};
    contents.roles = read_roles(admin);
    contents.databases = read_databases(admin);
    set_passwords(admin, contents.roles, plan);
    if (plan.schema_only) remove_all_rows(compute, branch, contents.databases);
    if (contains(contents.databases, plan.auth_database)) contents.has_auth = prepare_auth(compute, branch, plan);
    if (contains(contents.databases, plan.legacy_database)) contents.has_legacy = prepare_legacy(compute, branch, *plan.legacy_database);
    return contents;
}
}  // namespace argon::branches
