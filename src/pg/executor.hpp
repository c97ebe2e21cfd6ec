// Who runs statements: the pool (each statement on its own) or a transaction, as the caller chooses.
#pragma once

#include "base/async.hpp"
#include "pg/errors.hpp"
#include "pg/params.hpp"
#include "pg/rows.hpp"
#include "pg/statement.hpp"

namespace argon::pg {

class Executor {
public:
    virtual ~Executor() = default;

    /// Throws Unavailable or QueryError.
    template <class... Values>
    awaitable<Rows> query(const Statement& statement, const Values&... values) {
        return run(statement, Params{std::in_place, values...});
    }

    /// As query, for a text that was put together at run time.
    awaitable<Rows> query_composed(const ComposedStatement& composed, Params params) {
        params.keep_alive(composed.owner());
        return run(composed.statement(), std::move(params));
    }

    virtual awaitable<Rows> run(const Statement& statement, Params params) = 0;
};
}  // namespace argon::pg
