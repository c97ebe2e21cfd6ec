#include "api/limit_store.hpp"

#include <algorithm>
#include <unordered_map>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "crypto/encoding.hpp"

namespace argon::api {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Milliseconds = std::chrono::milliseconds;

/// A request waits for its count this long, and only the one that finds the store silent.
constexpr auto patience = 1s;
constexpr int most_rows = 200'000;
constexpr int pruned_at_once = 20'000;

// A row whose end lies further ahead than it can is from before the database's clock was set back: it counts as ended.
constexpr pg::Statement count_request_sql{"limits.count_request", R"sql(
    WITH counted AS (
        INSERT INTO argonauth.limit_counter AS c (key, count, forget_at)
        VALUES (decode($1, 'hex'), 1, now() + $3::int * interval '1 millisecond')
        ON CONFLICT (key) DO UPDATE SET forget_at = excluded.forget_at,
            count = CASE WHEN c.forget_at BETWEEN now() AND excluded.forget_at + interval '5 seconds' THEN c.count + 1 ELSE 1 END
        WHERE c.count < $2::int OR c.forget_at NOT BETWEEN now() AND excluded.forget_at + interval '5 seconds'
        RETURNING count)
    SELECT count, 0 FROM counted
    UNION ALL
    SELECT count, greatest(1, extract(epoch FROM forget_at - now()) * 1000)::int FROM argonauth.limit_counter
     WHERE key = decode($1, 'hex') AND NOT EXISTS (SELECT FROM counted))sql"};

// $2 tries are free, each further one doubles the wait up to $3 milliseconds, after which all is forgotten.
constexpr pg::Statement try_account_sql{"limits.try_account", R"sql(
    WITH counted AS (
        INSERT INTO argonauth.limit_counter AS c (key, count, forget_at)
        VALUES (decode($1, 'hex'), 1, now() + $3::int * interval '1 millisecond')
        ON CONFLICT (key) DO UPDATE SET forget_at = excluded.forget_at,
            count = CASE WHEN c.forget_at BETWEEN now() AND excluded.forget_at + interval '5 seconds' THEN c.count + 1 ELSE 1 END
        WHERE c.count < $2::int OR c.forget_at NOT BETWEEN now() AND excluded.forget_at + interval '5 seconds'
           OR excluded.forget_at >= c.forget_at + least(1000 * power(2, least(c.count - $2::int, 10)), $3::int) * interval '1 millisecond'
        RETURNING count)
    SELECT count, 0 FROM counted
    UNION ALL
    SELECT count, greatest(1, least(1000 * power(2, least(count - $2::int, 10)), $3::int) - $3::int
                              + extract(epoch FROM forget_at - now()) * 1000)::int
      FROM argonauth.limit_counter WHERE key = decode($1, 'hex') AND NOT EXISTS (SELECT FROM counted))sql"};

// The newest $2 moments stand in the row, the oldest of them first: $2 in any $3 milliseconds may pass.
constexpr pg::Statement count_mail_sql{"limits.count_mail", R"sql(
    WITH counted AS (
        INSERT INTO argonauth.limit_counter AS c (key, stamps, forget_at)
        VALUES (decode($1, 'hex'), ARRAY[now()], now() + $3::int * interval '1 millisecond')
        ON CONFLICT (key) DO UPDATE SET forget_at = excluded.forget_at,
            stamps = (c.stamps || now())[cardinality(c.stamps) + 2 - $2::int :]
        WHERE cardinality(c.stamps) < $2::int
           OR c.stamps[1] NOT BETWEEN now() - $3::int * interval '1 millisecond' AND now() + interval '5 seconds'
        RETURNING cardinality(stamps) AS count)
    SELECT count, 0 FROM counted
    UNION ALL
    SELECT cardinality(stamps), greatest(1, $3::int + extract(epoch FROM stamps[1] - now()) * 1000)::int FROM argonauth.limit_counter
     WHERE key = decode($1, 'hex') AND NOT EXISTS (SELECT FROM counted))sql"};

constexpr pg::Statement forgive_sql{"limits.forgive", "DELETE FROM argonauth.limit_counter WHERE key = decode($1, 'hex')"};

// In the order of the keys: two nodes that tell of the same clients do not lock each other out.
constexpr pg::Statement merge_sql{"limits.merge", R"sql(
    INSERT INTO argonauth.limit_counter AS c (key, count, forget_at)
    SELECT decode(told.key, 'hex'), told.hits, now() + told.left_ms * interval '1 millisecond'
      FROM unnest($1::text[], $2::int[], $3::int[]) AS told (key, hits, left_ms) ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN c.forget_at BETWEEN now() AND now() + $4::int * interval '1 millisecond'
                     THEN least(c.count, 1000000) + excluded.count ELSE excluded.count END,
        forget_at = CASE WHEN c.forget_at BETWEEN now() AND now() + $4::int * interval '1 millisecond'
                         THEN greatest(c.forget_at, excluded.forget_at) ELSE excluded.forget_at END
    RETURNING encode(key, 'hex'), count, (extract(epoch FROM forget_at - now()) * 1000)::int)sql"};

constexpr pg::Statement delete_ended_sql{"limits.delete_ended", R"sql(
    WITH ended AS (SELECT key FROM argonauth.limit_counter WHERE forget_at NOT BETWEEN now() AND now() + interval '2 hours'
                    LIMIT $1::int FOR UPDATE SKIP LOCKED)
    DELETE FROM argonauth.limit_counter c USING ended WHERE c.key = ended.key)sql"};

constexpr pg::Statement delete_excess_sql{"limits.delete_excess", R"sql(
    WITH excess AS (SELECT key FROM argonauth.limit_counter WHERE (SELECT count(*) FROM argonauth.limit_counter) > $1::int
                     ORDER BY forget_at DESC OFFSET $1::int LIMIT $2::int FOR UPDATE SKIP LOCKED)
    DELETE FROM argonauth.limit_counter c USING excess WHERE c.key = excess.key)sql"};

constexpr pg::Statement probe_sql{"limits.probe", "SELECT 1 FROM argonauth.limit_counter LIMIT 1"};

std::string hex(const LimitKey& key) { return crypto::hex_encode({key.data(), key.size()}); }

struct VerdictRow {
    int count = 0;
    std::int64_t wait_ms = 0;

    static void columns(auto& c, auto& row) { c(row.count)(row.wait_ms); }
};

struct TotalRow {
    std::string key;
    int count = 0;
    std::int64_t left_ms = 0;

    static void columns(auto& c, auto& row) { c(row.key)(row.count)(row.left_ms); }
};
}  // namespace

struct LimitStore::Question {
    explicit Question(asio::io_context& io) : waiting{io, patience} {}
    Timer waiting;
    bool is_over = false;
    std::optional<pg::Rows> rows;
    std::string problem;
};

LimitStore::LimitStore(IoThreads& threads, pg::PoolConfig database) : threads_(threads) {
    database.shared_connections = 1;
    database.answer_timeout = 2s;
    for (std::size_t i = 0; i < threads.size(); ++i) pools_.push_back(std::make_unique<pg::Pool>(threads.io(i), database));
}

/// Goes on when nobody waits any more: the connection's own deadlines end it.
awaitable<> LimitStore::put(pg::Pool& pool, const pg::Statement& statement, pg::Params params, std::shared_ptr<Question> question) {
    try {
        question->rows = co_await pool.run(statement, std::move(params));
    } catch (const std::exception& fault) {
        question->problem = fault.what();
    }
    question->is_over = true;
    question->waiting.cancel();
}

awaitable<std::optional<pg::Rows>> LimitStore::ask(const pg::Statement& statement, pg::Params params) {
    used_ = true;
    auto& io = threads_.current();
    const auto question = std::make_shared<Question>(io);
    asio::co_spawn(io, put(*pools_[IoThreads::current_index()], statement, std::move(params), question), asio::detached);
    boost::system::error_code ignored;
    if (!question->is_over) co_await question->waiting.async_wait(asio::redirect_error(use_awaitable, ignored));
    note(question->rows.has_value(), question->is_over ? question->problem : "no answer within a second");
    co_return std::move(question->rows);
}

void LimitStore::note(bool answered, const std::string& problem) {
    const bool was_silent = silent_.exchange(!answered);
    if (!answered && !was_silent) log::warn("limits count for each node by itself until the control database answers", {{"reason", problem}});
    if (answered && was_silent) log::info("limits count for all nodes together again", {});
}

awaitable<std::optional<LimitStore::Verdict>> LimitStore::judge(const pg::Statement& statement, pg::Params params, Milliseconds longest) {
    if (silent_) co_return std::nullopt;
    const auto rows = co_await ask(statement, std::move(params));
    if (!rows) co_return std::nullopt;
    const auto row = rows->maybe<VerdictRow>();
    // No row: it was refused on account of one that did not exist yet when the statement began.
    if (!row) co_return Verdict{.count = 0, .wait = longest};
    co_return Verdict{.count = row->count, .wait = std::min(Milliseconds{row->wait_ms}, longest)};
}

awaitable<std::optional<LimitStore::Verdict>> LimitStore::count_request(LimitKey key, Limit limit) {
    const Milliseconds window = limit.window;
    const auto verdict = co_await judge(count_request_sql, pg::Params{std::in_place, hex(key), limit.max, window.count()}, window);
    co_return verdict;
}

awaitable<std::optional<LimitStore::Verdict>> LimitStore::try_account(LimitKey key) {
    constexpr Milliseconds memory = TryRule::memory;
    const auto verdict = co_await judge(try_account_sql, pg::Params{std::in_place, hex(key), TryRule::free, memory.count()}, memory);
    co_return verdict;
}

awaitable<std::optional<LimitStore::Verdict>> LimitStore::count_mail(LimitKey key) {
    constexpr Milliseconds memory = MailRule::memory;
    const auto verdict = co_await judge(count_mail_sql, pg::Params{std::in_place, hex(key), MailRule::free, memory.count()}, memory);
    co_return verdict;
}

awaitable<> LimitStore::forgive(LimitKey key) {
    if (silent_) co_return;
    co_await ask(forgive_sql, pg::Params{std::in_place, hex(key)});
}

awaitable<std::vector<LimitStore::Total>> LimitStore::merge(std::span<const Unshared> told) {
    std::vector<std::string> keys, hits, left;
    std::unordered_map<std::string, std::size_t> places;
    for (const auto& one : told) {
        keys.push_back(hex(one.key));
        places.emplace(keys.back(), places.size());
        hits.push_back(std::to_string(one.hits));
        left.push_back(std::to_string((Milliseconds{default_limit.window} - one.age).count()));
    }
    constexpr Milliseconds furthest = default_limit.window + 5s;
    const auto rows = co_await ask(merge_sql, pg::Params{std::in_place, keys, hits, left, furthest.count()});
    std::vector<Total> totals;
    if (!rows) co_return totals;
    for (const auto& row : rows->all<TotalRow>()) totals.push_back({places.at(row.key), row.count, Milliseconds{row.left_ms}});
    co_return totals;
}

awaitable<> LimitStore::prune() {
    for (;;) {
        const auto ended = co_await ask(delete_ended_sql, pg::Params{std::in_place, pruned_at_once});
        if (!ended) co_return;
        if (ended->affected() < pruned_at_once) break;
    }
    for (;;) {
        const auto excess = co_await ask(delete_excess_sql, pg::Params{std::in_place, most_rows, pruned_at_once});
        if (!excess || excess->affected() < pruned_at_once) co_return;
    }
}

awaitable<> LimitStore::probe() { co_await ask(probe_sql, {}); }
}  // namespace argon::api
