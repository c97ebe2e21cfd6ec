#include "pg/session.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include "pg/errors.hpp"

namespace argon::pg {

std::string one_line(std::string_view message) {
    std::string out;
    for (const char c : message) {
        if (c == '\t' || c == '\r') continue;
        out += c == '\n' ? ' ' : c;
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

namespace {
std::string trimmed(const char* text) {
    std::string out = text ? text : "";
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
    return out;
}

/// Takes ownership of the result; throws unless it is a success.
Rows check(PGresult* result, PGconn* conn) {
    Rows rows{result};
    const auto status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) return rows;
    if (PQstatus(conn) == CONNECTION_BAD) throw Unavailable{trimmed(PQerrorMessage(conn))};
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view code = state ? state : "";
    // The server is going, coming or full.
    if (code.starts_with("08") || code.starts_with("53") || code.starts_with("57P")) throw Unavailable{trimmed(PQresultErrorMessage(result))};
    throw QueryError{state ? state : "XX000", trimmed(PQresultErrorMessage(result))};
}
}  // namespace

Session::Session(const std::string& conninfo) : conn_(PQconnectdb(("connect_timeout=5 " + conninfo + " client_encoding=UTF8").c_str())) {
    if (PQstatus(conn_) != CONNECTION_OK) {
        const auto reason = one_line(PQerrorMessage(conn_));
        PQfinish(conn_);
        throw Unreachable{reason};
    }
    PQsetNoticeProcessor(conn_, [](void*, const char*) {}, nullptr);
    execute("SET search_path = pg_catalog; SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO'");
}

Session::~Session() { PQfinish(conn_); }

void Session::execute(const std::string& script) { check(PQexec(conn_, script.c_str()), conn_); }

Rows Session::run(const std::string& sql, const Params& params) {
    std::vector<const char*> values;
    for (const auto& value : params.values()) values.push_back(value ? value->c_str() : nullptr);
    return check(PQexecParams(conn_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0), conn_);
}

void Session::migrate(std::string_view schema, std::span<const Migration> migrations) {
    const auto table = fmt::format("{}.argonauth_migration", quote_identifier(schema));
    query("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext($1))", std::string{"argonauth migration "} + std::string{schema});
    execute(fmt::format(
        "CREATE TABLE IF NOT EXISTS {} (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())", table));
    const auto current = query(fmt::format("SELECT coalesce(max(version), 0) FROM {}", table)).one<int>();
    if (!migrations.empty() && current > migrations.back().version) {
        throw std::runtime_error(
            fmt::format("schema {} has version {}, newer than this program's {}: use a newer argonauth", schema, current, migrations.back().version));
    }
    for (const auto& migration : migrations) {
        if (migration.version <= current) continue;
        execute(fmt::format("BEGIN; {}; INSERT INTO {} (version, name) VALUES ({}, {}); COMMIT", migration.sql, table, migration.version,
                            quote_literal(migration.name)));
    }
    query("SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtext($1))", std::string{"argonauth migration "} + std::string{schema});
}

std::string Session::quote_identifier(std::string_view name) const {
    char* quoted = PQescapeIdentifier(conn_, name.data(), name.size());
    if (!quoted) throw std::runtime_error("a name cannot be quoted");
    std::string out = quoted;
    PQfreemem(quoted);
    return out;
}

std::string Session::quote_literal(std::string_view text) const {
    char* quoted = PQescapeLiteral(conn_, text.data(), text.size());
    if (!quoted) throw std::runtime_error("a text cannot be quoted");
    std::string out = quoted;
    PQfreemem(quoted);
    return out;
}
}  // namespace argon::pg
