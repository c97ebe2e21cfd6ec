#include "pg/pool.hpp"

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
    " tcp_user_timeout=5000 keepalives_idle=10 application_name=argonauth";

/// A shared connection with this many unanswered statements is busy enough to open the next one.
constexpr std::size_t busy = 8;

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

std::shared_ptr<Connection> Pool::pick_shared() {
    const auto least = std::ranges::min_element(shared_, {}, [](const auto& connection) { return connection->load(); });
    const bool enough = least != shared_.end() && ((*least)->load() < busy || shared_.size() >= config_.shared_connections);
    if (enough) return *least;
    auto connection = std::make_shared<Connection>(io_, config_.conninfo, [this](Connection& broken) { forget(broken); });
    shared_.push_back(connection);
    connection->start();
    return connection;
}

awaitable<Rows> Pool::run(const Statement& statement, Params params) {
    if (!statement.is_read) return pick_shared()->run(statement, std::move(params));
    return [](Pool& pool, const Statement& read, Params values) -> awaitable<Rows> {
        // A read may be sent once more: nothing happened if its connection was lost, for instance by a restart of the server.
        bool lost = false;
        const auto first = pool.pick_shared();
        try {
            co_return co_await first->run(read, values);
        } catch (const Unavailable&) {
            if (!first->is_broken()) throw;
            lost = true;
        }
        if (lost) co_return co_await pool.pick_shared()->run(read, std::move(values));
        co_return Rows{};
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
        ++exclusive_in_use_;
        auto connection = std::make_shared<Connection>(io_, config_.conninfo, nullptr);
        connection->start();
        co_return connection;
    }
    const auto waiter = std::make_shared<Waiter>(io_);
    waiters_.push_back(waiter);
    waiter->timer.expires_after(config_.answer_timeout);
    boost::system::error_code ignored;
    co_await waiter->timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    std::erase(waiters_, waiter);
    if (!waiter->connection) throw Unavailable{"no database connection became free in time"};
    co_return waiter->connection;
}

void Pool::check_in(std::shared_ptr<Connection> connection) {
    if (connection->is_broken()) {
        connection = std::make_shared<Connection>(io_, config_.conninfo, nullptr);
        if (!waiters_.empty()) connection->start();
    }
    if (!waiters_.empty()) {
        const auto waiter = waiters_.front();
        waiters_.pop_front();
        waiter->connection = std::move(connection);
        waiter->timer.cancel();
        return;
    }
    --exclusive_in_use_;
    if (connection->is_ready()) idle_exclusive_.push_back(std::move(connection));
}

void Pool::forget(const Connection& connection) {
    std::erase_if(shared_, [&](const auto& entry) { return entry.get() == &connection; });
}

awaitable<Transaction> Pool::begin() {
    auto connection = co_await check_out();
    co_return Transaction{*this, std::move(connection)};
}

void Pool::sweep(std::chrono::steady_clock::time_point now) {
    const auto late = [&](Connection& connection) {
        const auto since = connection.oldest_wait();
        if (since && now - *since > (connection.is_ready() ? config_.answer_timeout : config_.connect_timeout))
            connection.fail("the database did not answer in time");
    };
    const auto unused = [&](const auto& connection) {
        return connection->load() == 0 && connection->is_ready() && now - connection->last_used() > config_.idle_timeout;
    };
    const auto current = shared_;
    for (const auto& connection : current) {
        late(*connection);
        if (unused(connection)) connection->fail("idle");
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
