// What can go wrong with a database. All of these are faults, never a client's mistake: SQL reports conflicts as rows.
#pragma once

#include <stdexcept>
#include <string>

namespace argon::pg {

/// No connection, a lost connection, an exhausted server, a lock or statement timeout: answered with 503, worth trying again.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// No connection could be made. The text names host and reason and no secret: who may manage the database may read it.
struct Unreachable : Unavailable {
    using Unavailable::Unavailable;
};

/// The server refused a statement. The text may hold data of the row: it is for the log of the operator only.
struct QueryError : std::runtime_error {
    QueryError(std::string sqlstate, const std::string& message) : std::runtime_error(sqlstate + ": " + message), state(std::move(sqlstate)) {}
    /// A table or column that the statement names is not there, or not ours any more. So an owner of the database changed the schema.
    bool misses_something() const { return state.starts_with("42") || state.starts_with("3F"); }
    /// A constraint or a trigger said no; where ours are reported as rows, one that the owner of the database made.
    bool is_objection() const { return state.starts_with("23") || state.starts_with("P0"); }
    std::string state;  ///< five characters, PostgreSQL's appendix A
};
}  // namespace argon::pg
