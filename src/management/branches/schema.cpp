// GET /projects/{project_id}/branches/{branch_id}/schema, and compare_schema: what a database is made of, and what another branch has else.
#include "api/management.hpp"
#include "api/management_lookup.hpp"
#include "api/paging.hpp"
#include "base/line_diff.hpp"
#include "base/log.hpp"
#include "branches/branch_contents.hpp"
#include "branches/clusters.hpp"
#include "branches/setup_error.hpp"
#include "pg/errors.hpp"

namespace argon::management::branches {
namespace records = argon::branches;

api::ManagementEndpoint schema, compare_schema;

namespace {
constexpr ErrorSpec no_history{422, "", "lsn and timestamp: the history of a branch is not kept; leave them out to take it as it is now"};
constexpr ErrorSpec may_not_read{
    422, "", "the role of the connection string may not read all of the database: grant it USAGE on the schemas and SELECT on the tables"};
constexpr ErrorSpec older_tool{422, "", "format: the PostgreSQL of the database is newer than pg_dump on this server; ask for format=json"};
constexpr ErrorSpec no_tool{422, "", "format: pg_dump is not installed on this server; ask for format=json"};
constexpr ErrorSpec no_base{400, "", "invalid request: parameter \"base_branch_id\" is required, as the branch has no parent"};
constexpr ErrorSpec not_now{503, "", "the schema could not be read; is a table locked?"};

constexpr api::QueryParameter schema_query[] = {{"db_name", "string", "The database", true}, {"format", "string", "sql (default) or json"}};
constexpr api::QueryParameter compare_query[] = {{"db_name", "string", "The database", true},
                                                 {"base_branch_id", "string", "The branch to compare with; the parent when absent"},
                                                 {"base_db_name", "string", "The database to compare with; that of the same name when absent"}};

struct SchemaReply {
    std::optional<std::string> sql;
    std::optional<json::Raw> tables;

    static void fields(auto& f, const auto& reply) {
        f.optional("sql", reply.sql);
        f.optional("json", reply.tables);
    }
};

struct CompareReply {
    std::string diff;

    static void fields(auto& f, const auto& reply) { f.required("diff", reply.diff); }
};

/// Refuses parameters for which the branch would need a memory.
Result<std::string> database_of(const http::QueryParameters& parameters) {
    for (const auto* name : {"lsn", "timestamp", "base_lsn", "base_timestamp"}) {
        if (http::find(parameters, name)) return refuse(no_history);
    }
    return api::require_name(parameters, "db_name");
}

awaitable<bool> has_database(const records::Engine& engine, const records::Branch& branch, const std::string& name) {
    co_await records::refresh_contents(engine, branch.id, branch.project_id);
    const auto database = co_await records::find_database(engine.control, branch.id, name);
    co_return database.has_value();
}

/// What its owner can mend of a database that others run; the rest may pass by itself. pg_dump speaks English here (LANG=C).
ErrorSpec spec_for(std::string_view problem) {
    if (problem.contains("permission denied")) return may_not_read;
    if (problem.contains("server version mismatch")) return older_tool;
    if (problem.contains("not installed")) return no_tool;
    return not_now;
}

/// Runs where it may block. What pg_dump complains of, a locked table for instance, is told to the caller: it is the caller's database.
template <class Read>
awaitable<Result<std::string>> read_schema(const records::Engine& engine, const records::Branch& branch, const std::string& database, Read read) {
    const bool known = co_await has_database(engine, branch, database);
    if (!known) co_return refuse(api::errors::database_not_found);
    if (!engine.compute.makes_databases()) co_await engine.compute.ensure_running(engine.home, branch.id);
    std::string problem;
    try {
        co_return co_await engine.compute.copiers().run(
            engine.home, [&engine, &branch, &database, &read] { return read(engine.compute.dump_source(branch.id, database)); });
    } catch (const records::SetupError& error) {
        problem = error.what();
    }
    log::warn("the schema of a branch could not be read", {{"branch", branch.id.value}, {"reason", problem}});
    co_return refuse(spec_for(problem));
}

awaitable<Result<records::Branch>> find_base(api::ManagementContext& ctx, const records::Branch& branch) {
    const auto asked = api::parse_id(ctx.query_parameters, "base_branch_id");
    if (!asked) co_return std::unexpected(asked.error());
    if (!*asked && !branch.parent_id) co_return refuse(no_base);
    auto base = co_await records::find_branch(ctx.control, branch.project_id, *asked ? BranchId{**asked} : *branch.parent_id);
    if (!base) co_return refuse(api::errors::branch_not_found);
    co_return std::move(*base);
}
}  // namespace

extern const api::Description schema_docs =
    api::describe<void, SchemaReply>("getProjectBranchSchema", "Show what a database is made of", {.query = schema_query});
awaitable<Result<http::Response>> schema(api::ManagementContext& ctx) {
    const auto database = database_of(ctx.query_parameters);
    if (!database) co_return std::unexpected(database.error());
    const bool is_default = !http::find(ctx.query_parameters, "format");
    const auto format = is_default ? Result<std::string>{"sql"} : api::parse_choice(ctx.query_parameters, "format", {"sql", "json"});
    if (!format) co_return std::unexpected(format.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto engine = api::make_engine(ctx.services);
    if (*format == "json") {
        auto tables = co_await read_schema(engine, *branch, *database, records::describe_tables);
        if (!tables) co_return std::unexpected(tables.error());
        co_return http::Response::json(200, SchemaReply{{}, json::Raw{std::move(*tables)}});
    }
    auto sql = co_await read_schema(engine, *branch, *database, records::dump_schema);
    if (!sql) co_return std::unexpected(sql.error());
    co_return http::Response::json(200, SchemaReply{std::move(*sql), {}});
}

extern const api::Description compare_schema_docs =
    api::describe<void, CompareReply>("getProjectBranchSchemaComparison", "Compare a database with that of another branch", {.query = compare_query});
awaitable<Result<http::Response>> compare_schema(api::ManagementContext& ctx) {
    const auto database = database_of(ctx.query_parameters);
    if (!database) co_return std::unexpected(database.error());
    // Beyond Neon: attached databases seldom share a name.
    const bool is_named = http::find(ctx.query_parameters, "base_db_name");
    const auto base_database = is_named ? api::require_name(ctx.query_parameters, "base_db_name") : database;
    if (!base_database) co_return std::unexpected(base_database.error());
    const auto branch = co_await api::require_branch(ctx);
    if (!branch) co_return std::unexpected(branch.error());
    const auto base = co_await find_base(ctx, *branch);
    if (!base) co_return std::unexpected(base.error());
    const auto engine = api::make_engine(ctx.services);
    const auto before = co_await read_schema(engine, *base, *base_database, records::dump_schema);
    if (!before) co_return std::unexpected(before.error());
    const auto after = co_await read_schema(engine, *branch, *database, records::dump_schema);
    if (!after) co_return std::unexpected(after.error());
    co_return http::Response::json(200, CompareReply{unified_diff(*before, *after, "a/" + *base_database, "b/" + *database)});
}
}  // namespace argon::management::branches
