#include "legacy/migration.hpp"

#include <fmt/format.h>

#include "pg/errors.hpp"

namespace argon::legacy {
namespace {
constexpr std::int64_t final_batch = 10'000;

// Each user with the address to sign in with, and a fingerprint of all that is copied.
constexpr std::string_view people = R"sql(
    SELECT u.id, u.signed_up_at, c.value AS address, coalesce(c.used_for_auth, false) AS for_auth, coalesce(c.is_verified, false) AS verified,
           md5(jsonb_build_array(u.display_name, u.profile_image_url, u.password_hash, u.signed_up_at,
               (SELECT jsonb_agg(jsonb_build_array(a.value, a.is_primary, a.is_verified, a.used_for_auth) ORDER BY a.value)
                  FROM stack_auth.contact_channel a WHERE a.user_id = u.id),
               (SELECT jsonb_agg(jsonb_build_array(o.provider_id, o.account_id) ORDER BY o.provider_id, o.account_id)
                  FROM stack_auth.oauth_account o WHERE o.user_id = u.id))::text) AS fingerprint
      FROM stack_auth."user" u
      LEFT JOIN LATERAL (SELECT a.value, a.used_for_auth, a.is_verified FROM stack_auth.contact_channel a WHERE a.user_id = u.id
                          ORDER BY a.used_for_auth DESC, a.is_primary DESC, a.is_verified DESC, a.created_at, a.id LIMIT 1) c ON true)sql";

// Of several users with one address, the one who signs in with it keeps it; then who proved it; then who came first.
constexpr std::string_view precedence = "for_auth DESC, verified DESC, signed_up_at, id";

constexpr std::string_view choose = R"sql(
    SELECT p.*, CASE WHEN p.address IS NULL THEN 'no_email'
                     WHEN EXISTS (SELECT FROM {taken} n WHERE n.email = p.address AND n.id <> p.id) THEN 'email_taken'
                     WHEN row_number() OVER (PARTITION BY p.address ORDER BY {precedence}) > 1 THEN 'email_taken' END AS problem
      FROM {people} p)sql";

constexpr std::string_view placeholder_of_id = "id || '@legacy.invalid'";

std::string mark_batch() {
    const auto waiting = fmt::format(R"sql(
        SELECT a.* FROM ({}) a LEFT JOIN stack_auth.migrated_user m ON m.legacy_id = a.id
         WHERE m.legacy_id IS NULL OR m.fingerprint <> a.fingerprint
            OR (m.problem = 'email_taken' AND NOT EXISTS (SELECT FROM neon_auth."user" n WHERE n.email = a.address))
         ORDER BY {} LIMIT $1)sql",
                                     people, precedence);
    const auto chosen =
        fmt::format(choose, fmt::arg("taken", "neon_auth.\"user\""), fmt::arg("precedence", precedence), fmt::arg("people", "(" + waiting + ")"));
    return fmt::format(R"sql(
        INSERT INTO stack_auth.migrated_user AS m (legacy_id, user_id, address, problem, verified, fingerprint, batch, migrated_at)
        SELECT id, id, address, problem, verified, fingerprint, txid_current(), now() FROM ({}) chosen
        ON CONFLICT (legacy_id) DO UPDATE SET address = excluded.address, problem = excluded.problem, verified = excluded.verified,
            fingerprint = excluded.fingerprint, batch = excluded.batch, migrated_at = excluded.migrated_at
        RETURNING true)sql",
                       chosen);
}

constexpr const char* copy_people = R"sql(
    INSERT INTO neon_auth."user" AS n (id, name, email, "emailVerified", image, "createdAt", "updatedAt", role, banned)
    SELECT m.user_id, coalesce(u.display_name, ''), CASE WHEN m.problem IS NULL THEN m.address ELSE m.user_id || '@legacy.invalid' END,
           m.problem IS NULL AND m.verified, u.profile_image_url, u.signed_up_at, now(), 'user', false
      FROM stack_auth.migrated_user m JOIN stack_auth."user" u ON u.id = m.legacy_id WHERE m.batch = txid_current()
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, "emailVerified" = excluded."emailVerified",
        image = excluded.image, "updatedAt" = excluded."updatedAt")sql";

constexpr const char* forget_accounts = R"sql(
    DELETE FROM neon_auth.account a USING stack_auth.migrated_user m WHERE m.batch = txid_current() AND a."userId" = m.user_id)sql";

constexpr const char* copy_passwords = R"sql(
    INSERT INTO neon_auth.account ("accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    SELECT m.user_id::text, 'credential', m.user_id, u.password_hash, u.signed_up_at, now()
      FROM stack_auth.migrated_user m JOIN stack_auth."user" u ON u.id = m.legacy_id
     WHERE m.batch = txid_current() AND u.password_hash IS NOT NULL)sql";

constexpr const char* copy_oauth_accounts = R"sql(
    INSERT INTO neon_auth.account ("accountId", "providerId", "userId", "createdAt", "updatedAt")
    SELECT o.account_id, o.provider_id, m.user_id, o.created_at, now()
      FROM stack_auth.migrated_user m JOIN stack_auth.oauth_account o ON o.user_id = m.legacy_id WHERE m.batch = txid_current())sql";

constexpr const char* remove_vanished = R"sql(
    WITH gone AS (DELETE FROM stack_auth.migrated_user m
                   WHERE NOT EXISTS (SELECT FROM stack_auth."user" u WHERE u.id = m.legacy_id) RETURNING m.user_id)
    DELETE FROM neon_auth."user" n USING gone g WHERE n.id = g.user_id)sql";

constexpr const char* lock_tables = R"sql(
    SET LOCAL lock_timeout = '5s';
    LOCK TABLE stack_auth."user", stack_auth.contact_channel, stack_auth.oauth_account, stack_auth.session IN SHARE ROW EXCLUSIVE MODE)sql";

constexpr const char* refuse_writes = R"sql(
    CREATE OR REPLACE FUNCTION stack_auth.argonauth_refuse_write() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        RAISE EXCEPTION 'the users of this database have moved to the newer auth service';
    END $$;
    CREATE OR REPLACE TRIGGER argonauth_moved BEFORE INSERT OR UPDATE OR DELETE ON stack_auth."user"
        FOR EACH STATEMENT EXECUTE FUNCTION stack_auth.argonauth_refuse_write();
    CREATE OR REPLACE TRIGGER argonauth_moved BEFORE INSERT OR UPDATE OR DELETE ON stack_auth.contact_channel
        FOR EACH STATEMENT EXECUTE FUNCTION stack_auth.argonauth_refuse_write();
    CREATE OR REPLACE TRIGGER argonauth_moved BEFORE INSERT OR UPDATE OR DELETE ON stack_auth.oauth_account
        FOR EACH STATEMENT EXECUTE FUNCTION stack_auth.argonauth_refuse_write();
    CREATE OR REPLACE TRIGGER argonauth_moved BEFORE INSERT OR UPDATE OR DELETE ON stack_auth.session
        FOR EACH STATEMENT EXECUTE FUNCTION stack_auth.argonauth_refuse_write())sql";

constexpr const char* accept_writes = "DROP FUNCTION IF EXISTS stack_auth.argonauth_refuse_write() CASCADE";

constexpr const char* select_counts = R"sql(
    SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM stack_auth.migrated_user m WHERE m.legacy_id = u.id)),
           count(u.password_hash),
           count(*) FILTER (WHERE EXISTS (SELECT FROM stack_auth.contact_channel c WHERE c.user_id = u.id AND c.is_primary AND c.is_verified)),
           (SELECT count(*) FROM stack_auth.oauth_account), (SELECT count(*) FROM stack_auth.team)
      FROM stack_auth."user" u)sql";

constexpr const char* select_problems = R"sql(
    SELECT user_id, address, problem, user_id || '@legacy.invalid' FROM stack_auth.migrated_user WHERE problem IS NOT NULL
     ORDER BY problem, address, user_id LIMIT 100)sql";

bool exists(pg::Session& service, const std::string& relation) { return service.query("SELECT to_regclass($1) IS NOT NULL", relation).one<bool>(); }

/// Within the caller's transaction.
std::int64_t copy_batch(pg::Session& service, std::int64_t most) {
    const auto marked = static_cast<std::int64_t>(service.query(mark_batch(), most).size());
    if (marked == 0) return 0;
    service.query(copy_people);
    service.query(forget_accounts);
    service.query(copy_passwords);
    service.query(copy_oauth_accounts);
    return marked;
}
}  // namespace

MigrationReport plan_migration(pg::Session& service) {
    // The newer service's table is there only if somebody used it on this database before, or the migration has begun.
    const auto* taken = exists(service, "neon_auth.\"user\"") ? "neon_auth.\"user\"" : "(SELECT NULL::uuid AS id, NULL::text AS email WHERE false)";
    const auto chosen =
        fmt::format(choose, fmt::arg("taken", taken), fmt::arg("precedence", precedence), fmt::arg("people", fmt::format("({})", people)));
    const auto list = fmt::format("SELECT id, address, problem, {} FROM ({}) c WHERE problem IS NOT NULL ORDER BY problem, address, id LIMIT 100",
                                  placeholder_of_id, chosen);
    const auto count = fmt::format("SELECT count(problem) FROM ({}) c", chosen);
    MigrationReport report;
    report.counts = service.query(select_counts).one<MigrationCounts>();
    report.problems = service.query(list).all<MigrationProblem>();
    report.problems_total = service.query(count).one<std::int64_t>();
    return report;
}

MigrationReport read_migration(pg::Session& service) {
    MigrationReport report;
    report.counts = service.query(select_counts).one<MigrationCounts>();
    report.problems = service.query(select_problems).all<MigrationProblem>();
    report.problems_total = service.query("SELECT count(problem) FROM stack_auth.migrated_user").one<std::int64_t>();
    return report;
}

std::int64_t copy_users(pg::Session& service, std::int64_t most) {
    service.execute("BEGIN");
    const auto copied = copy_batch(service, most);
    service.execute("COMMIT");
    return copied;
}

void close_legacy(pg::Session& service, const std::function<void(pg::Session&)>& also) {
    service.execute("BEGIN");
    try {
        service.execute(lock_tables);
    } catch (const pg::QueryError& error) {
        if (error.state == "55P03") throw pg::Unavailable{"the tables of stack_auth are locked by another session"};
        throw;
    }
    // Vanished first: their addresses may be somebody else's by now.
    service.query(remove_vanished);
    while (copy_batch(service, final_batch) > 0) {
    }
    also(service);
    service.execute(refuse_writes);
    service.execute("COMMIT");
}

void reopen_legacy(pg::Session& service) { service.execute(accept_writes); }
}  // namespace argon::legacy
