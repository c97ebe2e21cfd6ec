#include "branches/schema_upgrade.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/migrations.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
constexpr pg::Statement select_auth_version{"branches.auth_schema_version", "SELECT max(version) FROM neon_auth.argonauth_migration"};
constexpr pg::Statement select_legacy_version{"branches.legacy_schema_version", "SELECT max(version) FROM stack_auth.argonauth_migration"};

struct Schema {
    std::string name;
    const pg::Statement& version;
    std::span<const pg::Migration> migrations;
};

Schema schema_of(const LiveBranch& branch) {
    if (branch.legacy_project.empty()) return {"neon_auth", select_auth_version, migrations::neon_auth};
    return {"stack_auth", select_legacy_version, migrations::stack_auth};
}

/// Nothing where a tenant removed the schema: what asks for its tables says so.
awaitable<std::optional<int>> read_version(pg::Pool& pool, const pg::Statement& statement) {
    try {
        const auto rows = co_await pool.query(statement);
        co_return rows.one<std::optional<int>>();
    } catch (const pg::QueryError&) {
        co_return std::nullopt;
    }
}

void migrate(const Compute& compute, const LiveBranch& branch, const Schema& schema) {
    try {
        pg::Session service{compute.service_conninfo(branch.branch, branch.database)};
        service.execute("SET lock_timeout = '5s'");
        service.migrate(schema.name, schema.migrations);
    } catch (const std::exception& error) {
        log::error("a branch's schema cannot be brought up to date", {{"branch", branch.branch.value}, {"reason", error.what()}});
        throw pg::Unavailable{error.what()};
    }
}
}  // namespace

awaitable<> upgrade_schema(Compute& compute, Workers& workers, asio::io_context& home, const LiveBranch& branch, pg::Pool& pool) {
    const auto schema = schema_of(branch);
    const auto version = co_await read_version(pool, schema.version);
    if (!version || *version == schema.migrations.back().version) co_return;
    co_await workers.run(home, [&compute, &branch, &schema] { migrate(compute, branch, schema); });
    log::info("a branch's schema is up to date", {{"branch", branch.branch.value}, {"schema", schema.name}, {"from", *version}});
}
}  // namespace argon::branches
