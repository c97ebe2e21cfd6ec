#include "branches/control_schema.hpp"

#include <fmt/format.h>

#include "branches/migrations.hpp"
#include "branches/setup_error.hpp"
#include "crypto/envelope.hpp"
#include "pg/errors.hpp"

namespace argon::branches {
namespace {
constexpr std::string_view key_purpose = "master key check";
constexpr std::string_view key_place = "argonauth.master_key_check";
constexpr std::string_view key_text = "argonauth";

void make_schema(pg::Session& control) {
    // Two nodes that both find no schema would both make it.
    control.query("SELECT pg_advisory_lock(hashtext('argonauth schema'))");
    if (control.query("SELECT 1 FROM pg_namespace WHERE nspname = 'argonauth'").empty()) control.execute("CREATE SCHEMA argonauth");
    control.query("SELECT pg_advisory_unlock(hashtext('argonauth schema'))");
}
}  // namespace

void prepare_control_schema(pg::Session& control) {
    try {
        make_schema(control);
        control.migrate("argonauth", migrations::control);
    } catch (const pg::QueryError& error) {
        if (error.state == "42501") {
            throw SetupError{
                fmt::format("The role of ARGONAUTH_DATABASE_URL may not make schema argonauth or its tables ({}). Grant it CREATE on the "
                            "database.",
                            error.what())};
        }
        if (error.state == "25006")
            throw SetupError{"The control database is read-only, as a standby is: ARGONAUTH_DATABASE_URL must name the primary."};
        throw;
    }
}

void require_same_master_key(pg::Session& control, const crypto::MasterKey& master_key) {
    const auto key = master_key.derive(key_purpose);
    control.query("INSERT INTO argonauth.master_key_check (sealed) VALUES ($1) ON CONFLICT DO NOTHING", crypto::seal(key, key_text, key_place));
    const auto sealed = control.query("SELECT sealed FROM argonauth.master_key_check").one<std::string>();
    if (crypto::open(key, sealed, key_place)) return;
    throw SetupError{
        "ARGONAUTH_MASTER_KEY is not the key that this control database was set up with. Nothing was changed; start with the right key, from its "
        "backup."};
}

void remove_abandoned(pg::Session& control) {
    control.execute(R"sql(
        BEGIN;
        DELETE FROM argonauth.branch WHERE state <> 'ready' AND state_changed_at < now() - interval '5 minutes';
        DELETE FROM argonauth.project p
         WHERE p.created_at < now() - interval '5 minutes' AND NOT EXISTS (SELECT 1 FROM argonauth.branch b WHERE b.project_id = p.id);
        COMMIT)sql");
}
}  // namespace argon::branches
