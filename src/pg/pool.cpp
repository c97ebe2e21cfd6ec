#include "pg/pool.hpp"

#include <algorithm>
#include <random>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "pg/connection.hpp"

namespace argon::pg {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, argon::Executor>;

// Tenants own their databases: names resolve in pg_catalog only, and nothing may hold a connection for long.
constexpr std::string_view session_settings =
    " options='-c search_path=pg_catalog -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
    " -c plan_cache_mode=force_generic_plan -c timezone=UTC -c datestyle=ISO -c client_min_messages=warning' client_encoding=UTF8"
    " tcp_user_timeout=2500 keepalives_idle=10 keepalives_interval=2 keepalives_count=3 application_name=argonauth";

/// A shared connection with this many unanswered statements is busy enough to open the next one.
constexpr std::size_t busy = 8;

/// For one of the connections for transactions to become free.
constexpr auto checkout_timeout = 3s;

/// With so many unanswered statements, the oldest of them for so long, a connection takes no more: the server hangs.
constexpr std::size_t crowded = 64;
constexpr auto stuck_after = 2s;

/// A read that was lost this quickly is sent once more; later the client has waited enough.
constexpr auto retry_within = 1s;

constexpr std::chrono::milliseconds longest_pause{1000};

/// Pools of many threads and nodes must not all come back in the same moment.
std::chrono::milliseconds pause_after(unsigned failures) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto pause = std::min(longest_pause, std::chrono::milliseconds{50} * (1u << std::min(failures, 5u)));
    return pause / 2 + std::chrono::milliseconds{random() % static_cast<std::uint64_t>(pause.count())};
}

bool is_stuck(const Connection& connection) {
    const auto since = connection.load() >= crowded ? connection.oldest_wait() : std::nullopt;
    return since && std::chrono::steady_clock::now() - *since > stuck_after;
}

constexpr Statement begin_statement{"pg.begin", "BEGIN"};
constexpr Statement commit_statement{"pg.commit", "COMMIT"};
constexpr Statement rollback_statement{"pg.rollback", "ROLLBACK"};
}  // namespace

/// Someone who waits for a connection of its own; the timer is cancelled when one is free.
struct Pool::Waiter {
    explicit Waiter(asio::io_context& io) : timer(io) {}
    Timer timer;
    std::shared_ptr<Connection> connection;
};

Pool::Pool(asio::io_context& io, PoolConfig config) : io_(io), config_(std::move(config)) { config_.conninfo += session_settings; }

Pool::~Pool() { close(); }

std::shared_ptr<Connection> Pool::open() {
    if (std::chrono::steady_clock::now() < retry_at_) throw Unreachable{problem_};
    const auto text = config_.locator ? config_.locator->conninfo() + " " + config_.conninfo : config_.conninfo;
    return std::make_shared<Connection>(io_, text, [this](Connection& ended) { note_end(ended); });
}

void Pool::note_end(Connection& connection) {
    std::erase_if(shared_, [&](const auto& entry) { return entry.get() == &connection; });
    if (connection.was_ready()) return;
    problem_ = connection.end_reason();
    retry_at_ = std::chrono::steady_clock::now() + pause_after(++failures_);
    if (config_.locator) config_.locator->note_failure();
}

std::shared_ptr<Connection> Pool::pick_shared() {
    const auto least = std::ranges::min_element(shared_, {}, [](const auto& connection) { return connection->load(); });
    if (least != shared_.end()) {
        const bool full = shared_.size() >= config_.shared_connections || std::chrono::steady_clock::now() < retry_at_;
        if (full && is_stuck(**least)) throw Unavailable{"the database does not keep up"};
        if ((*least)->load() < busy || full) return *least;
    }
    auto connection = open();
    shared_.push_back(connection);
    connection->start();
    return connection;
}

awaitable<Rows> Pool::run(const Statement& statement, Params params) {
    if (!statement.is_read) return pick_shared()->run(statement, std::move(params));
    return [](Pool& pool, const Statement& read, Params values) -> awaitable<Rows> {
        // A read may be sent once more: nothing happened if its connection was lost, for instance by a restart of the server.
        const auto started = std::chrono::steady_clock::now();
        const auto first = pool.pick_shared();
        try {
            co_return co_await first->run(read, values);
        } catch (const Unavailable&) {
            if (!first->is_broken() || std::chrono::steady_clock::now() - started > retry_within) throw;
        }
        co_return co_await pool.pick_shared()->run(read, std::move(values));
    }(*this, statement, std::move(params));
}

awaitable<std::shared_ptr<Connection>> Pool::check_out() {
    while (!idle_exclusive_.empty()) {
        auto connection = std::move(idle_exclusive_.back());
        idle_exclusive_.pop_back();
        if (connection->is_broken()) continue;
        ++exclusive_in_use_;
        co_return connection;
    }
    if (exclusive_in_use_ < config_.transaction_connections) {
        auto connection = open();
        ++exclusive_in_use_;
        connecting_exclusive_.push_back(connection);
        connection->start();
        co_return connection;
    }
    const auto waiter = std::make_shared<Waiter>(io_);
    waiters_.push_back(waiter);
    waiter->timer.expires_after(checkout_timeout);
    boost::system::error_code ignored;
    co_await waiter->timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    std::erase(waiters_, waiter);
    if (!waiter->connection) throw Unavailable{"no database connection became free in time"};
    co_return waiter->connection;
}

/// Another connection for those who wait; nothing when there can be none now.
std::shared_ptr<Connection> Pool::replace_broken(std::shared_ptr<Connection> connection) {
    if (!connection->is_broken()) return connection;
    try {
        auto fresh = open();
        connecting_exclusive_.push_back(fresh);
        fresh->start();
        return fresh;
    } catch (const Unavailable&) {
        return nullptr;
    }
}

void Pool::check_in(std::shared_ptr<Connection> connection) {
    if (!waiters_.empty()) connection = replace_broken(std::move(connection));
    if (!waiters_.empty() && connection) {
        const auto waiter = waiters_.front();
        waiters_.pop_front();
        waiter->connection = std::move(connection);
        waiter->timer.cancel();
        return;
    }
    --exclusive_in_use_;
    if (connection && connection->is_ready()) idle_exclusive_.push_back(std::move(connection));
    // The server is gone: who waits learns it now, not when the time is over.
    for (const auto& waiter : std::exchange(waiters_, {})) waiter->timer.cancel();
}

awaitable<Transaction> Pool::begin() {
    auto connection = co_await check_out();
    co_return Transaction{*this, std::move(connection)};
}

void Pool::sweep(std::chrono::steady_clock::time_point now) {
    const auto late = [&](Connection& connection) {
        const auto since = connection.oldest_wait();
        if (since && now - *since > (connection.is_ready() ? config_.answer_timeout : config_.connect_timeout)) connection.time_out();
    };
    const auto unused = [&](const auto& connection) {
        return connection->load() == 0 && connection->is_ready() && now - connection->last_used() > config_.idle_timeout;
    };
    const auto current = shared_;
    for (const auto& connection : current) {
        late(*connection);
        if (connection->is_ready()) failures_ = 0;
        if (unused(connection)) connection->fail("idle");
    }
    std::erase_if(connecting_exclusive_, [](const auto& entry) {
        const auto connection = entry.lock();
        return !connection || connection->was_ready() || connection->is_broken();
    });
    const auto connecting = connecting_exclusive_;
    for (const auto& entry : connecting) {
        if (const auto connection = entry.lock()) late(*connection);
    }
    for (const auto& connection : idle_exclusive_) {
        if (unused(connection)) connection->fail("idle");
    }
    std::erase_if(idle_exclusive_, [](const auto& connection) { return connection->is_broken(); });
}

void Pool::close() {
    const auto current = std::exchange(shared_, {});
    for (const auto& connection : current) connection->fail("the connection pool was closed");
    for (const auto& connection : idle_exclusive_) connection->fail("the connection pool was closed");
    idle_exclusive_.clear();
}

std::size_t Pool::open_connections() const { return shared_.size() + idle_exclusive_.size() + exclusive_in_use_; }

Transaction::Transaction(Pool& pool, std::shared_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
Transaction::Transaction(Transaction&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)), begun_(other.begun_) {}

Transaction::~Transaction() {
    if (!connection_) return;
    if (begun_) connection_->run_detached(rollback_statement);
    pool_->check_in(std::move(connection_));
}

awaitable<Rows> Transaction::run(const Statement& statement, Params params) {
    if (!begun_) connection_->run_detached(begin_statement);
    begun_ = true;
    return connection_->run(statement, std::move(params));
}

awaitable<> Transaction::commit() {
    if (begun_) co_await connection_->run(commit_statement, {});
    begun_ = false;
    pool_->check_in(std::exchange(connection_, nullptr));
}
}  // namespace argon::pg
