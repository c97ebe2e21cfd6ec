// A blocking connection, for worker threads and subcommands: scripts, DDL that no pipeline allows, migrations.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "pg/migration.hpp"
#include "pg/params.hpp"
#include "pg/rows.hpp"

struct pg_conn;

namespace argon::pg {

/// libpq's words for why a connection failed, for one line of a log or an answer.
std::string one_line(std::string_view message);

class Session {
public:
    /// Throws Unreachable when the connection fails. A server that needs longer than `patience` for a statement is
    /// given up with Unavailable; the session is of no use then.
    explicit Session(const std::string& conninfo, std::chrono::seconds patience = std::chrono::minutes{15});
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Any number of statements, one implicit transaction unless the script says otherwise. Throws QueryError.
    void execute(const std::string& script);
    template <class... Values>
    Rows query(const std::string& sql, const Values&... values) {
        return run(sql, Params{std::in_place, values...});
    }

    /// Brings `schema` up to the last migration, one transaction each, under an advisory lock so that two starts never
    /// run the same one. Throws std::runtime_error when the schema is newer than this program.
    void migrate(std::string_view schema, std::span<const Migration> migrations);

    /// An identifier or literal quoted for SQL text; only for DDL, where parameters are not possible.
    std::string quote_identifier(std::string_view name) const;
    std::string quote_literal(std::string_view text) const;

private:
    Rows run(const std::string& sql, const Params& params);

    void await_result(std::chrono::steady_clock::time_point deadline);
    Rows take_result();

    pg_conn* conn_;
    std::chrono::seconds patience_;
};
}  // namespace argon::pg
