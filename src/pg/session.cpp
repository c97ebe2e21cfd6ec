#include "pg/session.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "pg/conninfo.hpp"
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
constexpr std::size_t most_of_answer = std::size_t{256} << 20;

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

/// Whoever attaches a database writes its connection string; a worker must not wait for ever because of it.
std::string with_limits(const std::string& conninfo) {
    const auto parsed = Conninfo::parse(conninfo);
    const auto text = parsed ? parsed->get("connect_timeout") : std::string{};
    const auto wanted = std::atoi(text.c_str());
    return fmt::format("{} connect_timeout={} client_encoding=UTF8", conninfo, wanted > 0 && wanted <= 10 ? wanted : 5);
}
}  // namespace

Session::Session(const std::string& conninfo, std::chrono::seconds patience)
    : conn_(PQconnectdb(with_limits(conninfo).c_str())), patience_(patience) {
    try {
        if (PQstatus(conn_) != CONNECTION_OK) throw Unreachable{one_line(PQerrorMessage(conn_))};
        PQsetNoticeProcessor(conn_, [](void*, const char*) {}, nullptr);
        execute("SET search_path = pg_catalog; SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO'");
    } catch (...) {
        PQfinish(conn_);
        throw;
    }
}

Session::~Session() { PQfinish(conn_); }

void Session::execute(const std::string& script) {
    if (PQsendQuery(conn_, script.c_str()) != 1) throw Unavailable{one_line(PQerrorMessage(conn_))};
    take_result();
}

Rows Session::run(const std::string& sql, const Params& params) {
    std::vector<const char*> values;
    for (const auto& value : params.values()) values.push_back(value ? value->c_str() : nullptr);
    if (PQsendQueryParams(conn_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0) != 1)
        throw Unavailable{one_line(PQerrorMessage(conn_))};
    return take_result();
}

/// The last result, or the first failure, as PQexec has it; but within `patience_`, and of a bounded size.
Rows Session::take_result() {
    std::optional<Rows> last;
    std::exception_ptr failure;
    const auto deadline = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        await_result(deadline);
        PGresult* result = PQgetResult(conn_);
        if (!result) break;
        const auto status = PQresultStatus(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            PQclear(result);
            throw Unavailable{"the database does not keep to its protocol"};
        }
        try {
            last.emplace(check(result, conn_));
        } catch (...) {
            if (!failure) failure = std::current_exception();
        }
        if (PQstatus(conn_) == CONNECTION_BAD) break;
    }
    if (failure) std::rethrow_exception(failure);
    if (!last) throw Unavailable{"the database ended the connection"};
    return std::move(*last);
}

void Session::await_result(std::chrono::steady_clock::time_point deadline) {
    std::size_t received = 0;
    while (PQisBusy(conn_)) {
        pollfd entry{.fd = PQsocket(conn_), .events = POLLIN, .revents = 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        const int ready = left.count() > 0 ? ::poll(&entry, 1, static_cast<int>(left.count())) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) throw Unavailable{"the database did not answer in time"};
        int available = 0;
        if (::ioctl(entry.fd, FIONREAD, &available) == 0) received += static_cast<std::size_t>(std::max(available, 0));
        if (received > most_of_answer) throw Unavailable{"the database sends more than an answer may be long"};
        if (PQconsumeInput(conn_) != 1) throw Unavailable{one_line(PQerrorMessage(conn_))};
    }
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
