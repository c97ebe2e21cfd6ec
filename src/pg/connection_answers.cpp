// What comes back on a connection. The server may be anybody's: nothing is believed about the order of its messages or their size.
#include <libpq-fe.h>
#include <sys/ioctl.h>

#include "pg/connection.hpp"

namespace argon::pg {
namespace {
/// Of one answer, and of what nobody asked for. Rows of people and settings are small; lists come in pages.
constexpr std::size_t most_of_answer = 64 << 20;
constexpr std::size_t most_unasked = 1 << 20;

/// A read that a neighbour's failure took along is sent once more. After longer the neighbour waited for a lock, and so would this one.
constexpr std::chrono::seconds retry_within{1};

/// Classes of SQLSTATE that say "not now" rather than "never".
bool is_transient(std::string_view state) {
    return state.starts_with("08") || state.starts_with("53") || state.starts_with("57P") || state == "57014" || state == "55P03" ||
           state == "40001" || state == "40P01" || state == "25006";
}

/// A prepared statement that is not there, or one that is there already: others use the same session, as behind some poolers.
bool is_about_name(PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state && (std::string_view{state} == "26000" || std::string_view{state} == "42P05");
}

std::exception_ptr make_error(PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string code = state ? state : "XX000";
    if (is_transient(code)) return std::make_exception_ptr(Unavailable{code + ": " + (message ? message : "")});
    return std::make_exception_ptr(QueryError{code, message ? message : PQresultErrorMessage(result)});
}
}  // namespace

/// libpq would keep what arrives until a message is whole, and a message may call itself a gigabyte long.
bool Connection::note_received() {
    int available = 0;
    if (::ioctl(PQsocket(conn_), FIONREAD, &available) == 0) received_ += static_cast<std::size_t>(std::max(available, 0));
    return received_ <= (sent_.empty() ? most_unasked : most_of_answer);
}

/// False: an answer came where none was due, or another one than that which was due.
bool Connection::collect(std::vector<Outcome>& outcomes) {
    while (!sent_.empty() && !PQisBusy(conn_)) {
        PGresult* result = PQgetResult(conn_);
        // Once the connection is lost libpq says "done" to everything.
        if (PQstatus(conn_) == CONNECTION_BAD) return PQclear(result), true;
        const bool is_sync = sent_.front().kind == Sent::Kind::sync;
        if (!result) {
            if (is_sync || !sent_.front().answered) return false;
            received_ = 0;
            finish_front(outcomes);
        } else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            if (!is_sync) return false;
            sent_.pop_front();
        } else if (is_sync || sent_.front().answered || !note_result(result)) {
            return PQclear(result), false;
        }
    }
    return true;
}

/// Takes the result, unless it is none that a statement of ours can have: false then.
bool Connection::note_result(PGresult* result) {
    auto& front = sent_.front();
    front.answered = true;
    switch (PQresultStatus(result)) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK: front.rows = Rows{result}; return true;
        case PGRES_PIPELINE_ABORTED: front.aborted = true; break;
        case PGRES_FATAL_ERROR:
            front.error = make_error(result);
            front.misnamed = is_about_name(result);
            break;
        default: return false;
    }
    PQclear(result);
    return true;
}

/// The statement behind it is reported as aborted when this one failed; the real reason is here.
void Connection::finish_prepare(const Sent& prepare) {
    const bool failed = prepare.error || prepare.aborted;
    if (prepare.is_named) {
        if (!failed)
            prepared_[prepare.job.statement->name] = Preparation::done;
        else if (prepare.misnamed)
            prepared_[prepare.job.statement->name] = Preparation::foreign;
        else
            prepared_.erase(prepare.job.statement->name);
    }
    if (sent_.empty()) return;
    auto& query = sent_.front();
    if (prepare.misnamed)
        query.misnamed = true;
    else if (prepare.error && !query.error)
        query.error = prepare.error;
}

/// A NULL result ends the answer of the statement in front.
void Connection::finish_front(std::vector<Outcome>& outcomes) {
    Sent front = std::move(sent_.front());
    sent_.pop_front();
    if (front.kind == Sent::Kind::prepare) return finish_prepare(front);
    --in_flight_;
    const auto known = prepared_.find(front.job.statement->name);
    if (front.misnamed && known != prepared_.end() && known->second == Preparation::done) prepared_.erase(known);
    const bool is_recent = std::chrono::steady_clock::now() - front.job.since < retry_within;
    const bool skipped_read = front.aborted && !front.error && front.job.statement->is_read && is_recent;
    if ((skipped_read || front.misnamed) && !front.job.alone) {
        front.job.alone = true;
        waiting_.push_back(std::move(front.job));
        return;
    }
    if (front.aborted && !front.error) front.error = std::make_exception_ptr(Unavailable{"a statement before it failed"});
    if (front.job.handler) outcomes.push_back({std::move(*front.job.handler), front.error, std::move(front.rows)});
}

void Connection::deliver(std::vector<Outcome> outcomes) {
    for (auto& outcome : outcomes) std::move(outcome.handler)(outcome.error, std::move(outcome.rows));
}

}  // namespace argon::pg
