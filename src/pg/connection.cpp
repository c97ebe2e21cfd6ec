#include "pg/connection.hpp"

#include <array>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/log.hpp"
#include "pg/session.hpp"

namespace argon::pg {
namespace {
using Descriptor = asio::posix::basic_stream_descriptor<argon::Executor>;

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

Connection::Connection(asio::io_context& io, const std::string& conninfo, std::function<void(Connection&)> on_broken)
    : io_(io),
      conn_(PQconnectStart(conninfo.c_str())),
      socket_(io),
      on_broken_(std::move(on_broken)),
      started_(std::chrono::steady_clock::now()),
      last_used_(started_) {}

Connection::~Connection() {
    if (socket_.is_open()) socket_.release();  // the descriptor is libpq's
    PQfinish(conn_);
}

void Connection::start() {
    if (!conn_ || PQstatus(conn_) == CONNECTION_BAD) return fail(last_error());
    PQsetNoticeProcessor(conn_, [](void*, const char*) {}, nullptr);
    await_connect(PGRES_POLLING_WRITING);
}

/// libpq may change its socket while it tries hosts and TLS: the descriptor is wrapped anew for each wait.
void Connection::await_connect(int poll_status) {
    if (socket_.is_open()) socket_.release();
    socket_.assign(PQsocket(conn_));
    const auto wait = poll_status == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write;
    socket_.async_wait(wait, [self = shared_from_this()](boost::system::error_code error) {
        if (!error && self->state_ == State::connecting) self->on_connect_ready();
    });
}

void Connection::on_connect_ready() {
    const auto status = PQconnectPoll(conn_);
    if (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) return await_connect(status);
    if (status != PGRES_POLLING_OK || PQsetnonblocking(conn_, 1) != 0 || PQenterPipelineMode(conn_) != 1) return fail(last_error());
    if (socket_.is_open()) socket_.release();
    socket_.assign(PQsocket(conn_));
    state_ = State::ready;
    was_ready_ = true;
    await_readable();
    send_waiting();
}

awaitable<Rows> Connection::run(const Statement& statement, Params params) {
    return asio::async_initiate<const asio::use_awaitable_t<argon::Executor>, Completion>(
        [self = shared_from_this(), &statement](CompletionHandler handler, Params values) {
            self->enqueue({&statement, std::move(values), std::move(handler), std::chrono::steady_clock::now()});
        },
        use_awaitable, std::move(params));
}

void Connection::run_detached(const Statement& statement) { enqueue({&statement, {}, {}, std::chrono::steady_clock::now()}); }

void Connection::enqueue(Job job) {
    last_used_ = job.since;
    if (state_ == State::broken) {
        if (job.handler) {
            asio::post(io_, [handler = std::move(*job.handler)]() mutable {
                std::move(handler)(std::make_exception_ptr(Unavailable{"the database connection was lost"}), Rows{});
            });
        }
        return;
    }
    waiting_.push_back(std::move(job));
    schedule_send();
}

/// Everything submitted in one turn of the loop goes out together.
void Connection::schedule_send() {
    if (send_scheduled_ || state_ != State::ready) return;
    send_scheduled_ = true;
    asio::post(io_, [self = shared_from_this()] {
        self->send_scheduled_ = false;
        if (self->state_ == State::ready) self->send_waiting();
    });
}

void Connection::send_waiting() {
    bool open_batch = false;
    while (!waiting_.empty()) {
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        const bool alone = job.alone || !job.statement->is_read;
        if (alone && open_batch && !send_sync()) return;
        open_batch = !alone;
        if (!send_job(std::move(job))) return;
        if (alone && !send_sync()) return;
    }
    if (open_batch && !send_sync()) return;
    flush();
}

/// While a prepared statement is on its way it may still fail, waiting for a lock for instance: others do not build on it.
bool Connection::uses_name(const Job& job) const {
    if (!job.statement->is_prepared || job.alone) return false;
    const auto known = prepared_.find(job.statement->name);
    return known == prepared_.end() || known->second == Preparation::done;
}

bool Connection::send_job(Job job) {
    const auto& statement = *job.statement;
    const auto count = static_cast<int>(job.params.size());
    const bool is_named = uses_name(job);
    const char* name = is_named ? statement.name.data() : "";
    if (!is_named || !prepared_.contains(statement.name)) {
        if (PQsendPrepare(conn_, name, statement.sql.data(), count, nullptr) != 1) return fail(last_error()), false;
        if (is_named) prepared_[statement.name] = Preparation::sent;
        sent_.push_back(
            {.kind = Sent::Kind::prepare, .job = {&statement, {}, {}, job.since, job.alone}, .rows = {}, .error = {}, .is_named = is_named});
    }
    std::array<const char*, 64> values{};
    if (job.params.size() > values.size()) throw std::logic_error("too many parameters");
    for (std::size_t i = 0; i < job.params.size(); ++i) {
        const auto& value = job.params.values()[i];
        values[i] = value ? value->c_str() : nullptr;
    }
    if (PQsendQueryPrepared(conn_, name, count, values.data(), nullptr, nullptr, 0) != 1) {
        waiting_.push_front(std::move(job));
        return fail(last_error()), false;
    }
    ++in_flight_;
    sent_.push_back({.kind = Sent::Kind::query, .job = std::move(job), .rows = {}, .error = {}});
    return true;
}

bool Connection::send_sync() {
    if (PQpipelineSync(conn_) != 1) return fail(last_error()), false;
    sent_.push_back({.kind = Sent::Kind::sync, .job = {}, .rows = {}, .error = {}});
    return true;
}

void Connection::flush() {
    const int rest = PQflush(conn_);
    if (rest < 0) return fail(last_error());
    if (rest == 0 || awaiting_write_) return;
    // Both directions full would deadlock without this: reading goes on while the socket drains.
    awaiting_write_ = true;
    socket_.async_wait(Descriptor::wait_write, [self = shared_from_this()](boost::system::error_code error) {
        self->awaiting_write_ = false;
        if (!error && self->state_ == State::ready) self->flush();
    });
}

void Connection::await_readable() {
    socket_.async_wait(Descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
        if (!error && self->state_ == State::ready) self->on_readable();
    });
}

void Connection::on_readable() {
    if (PQconsumeInput(conn_) != 1) return fail(last_error());
    std::vector<Outcome> outcomes;
    collect(outcomes);
    if (PQstatus(conn_) == CONNECTION_BAD) {
        deliver(std::move(outcomes));
        return fail(last_error());
    }
    await_readable();
    if (!waiting_.empty()) schedule_send();
    deliver(std::move(outcomes));
}

void Connection::collect(std::vector<Outcome>& outcomes) {
    while (!sent_.empty() && !PQisBusy(conn_)) {
        PGresult* result = PQgetResult(conn_);
        if (!result) {
            finish_front(outcomes);
        } else if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            sent_.pop_front();
        } else {
            note_result(result);
        }
    }
}

void Connection::note_result(PGresult* result) {
    auto& front = sent_.front();
    switch (PQresultStatus(result)) {
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK: front.rows = Rows{result}; return;
        case PGRES_PIPELINE_ABORTED: front.aborted = true; break;
        default: front.error = make_error(result); front.misnamed = is_about_name(result);
    }
    PQclear(result);
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

std::optional<std::chrono::steady_clock::time_point> Connection::oldest_wait() const {
    if (state_ == State::connecting) return started_;
    for (const auto& sent : sent_) {
        if (sent.kind == Sent::Kind::query) return sent.job.since;
    }
    if (!waiting_.empty()) return waiting_.front().since;
    return {};
}

void Connection::fail(const std::string& reason) {
    if (state_ == State::broken) return;
    state_ = State::broken;
    end_reason_ = reason;
    log::debug("database connection ended", {{"reason", reason}});
    if (socket_.is_open()) {
        socket_.cancel();
        socket_.release();
    }
    std::vector<Outcome> outcomes;
    const auto error = was_ready_ ? std::make_exception_ptr(Unavailable{reason}) : std::make_exception_ptr(Unreachable{reason});
    const auto give_up = [&](Job& job, const std::exception_ptr& cause) {
        if (job.handler) outcomes.push_back({std::move(*job.handler), cause, {}});
    };
    for (auto& sent : sent_) {
        if (sent.kind == Sent::Kind::query) give_up(sent.job, sent.error ? sent.error : error);
    }
    for (auto& job : waiting_) give_up(job, error);
    sent_.clear();
    waiting_.clear();
    in_flight_ = 0;
    const auto keep_alive = shared_from_this();
    if (on_broken_) on_broken_(*this);
    // Not from inside the caller: a coroutine must not resume in the middle of its own submission.
    asio::post(io_, [keep_alive, list = std::move(outcomes)]() mutable { keep_alive->deliver(std::move(list)); });
}

void Connection::time_out() {
    if (was_ready_) return fail("the database did not answer in time");
    const char* host = conn_ ? PQhost(conn_) : nullptr;
    const char* port = conn_ ? PQport(conn_) : nullptr;
    fail(fmt::format("connection to server at \"{}\", port {} failed: no answer in time", host ? host : "", port ? port : ""));
}

std::string Connection::last_error() const { return conn_ ? one_line(PQerrorMessage(conn_)) : "out of memory"; }
}  // namespace argon::pg
