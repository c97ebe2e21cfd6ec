#include "webhooks/outbox.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "json/writer.hpp"

namespace argon::webhooks {
namespace {
constexpr pg::Statement insert_event{"webhooks.insert", R"sql(
    INSERT INTO neon_auth.argonauth_webhook_delivery (id, branch_id, event_type, body, state) VALUES ($1, $2, $3, $4, 'pending'))sql"};

constexpr pg::Statement insert_record{"webhooks.insert_record", R"sql(
    INSERT INTO neon_auth.argonauth_webhook_delivery
           (id, branch_id, event_type, state, attempts, finished_at, response_status, last_error, attempt_log, body, is_test)
    VALUES ($1, $2, $3, CASE WHEN $4 THEN 'delivered' ELSE 'failed' END, $5, now(), nullif($6::integer, 0), nullif($7, ''), $8, $9,
            $9::text IS NOT NULL))sql"};

// A minute: longer than the longest attempt.
constexpr pg::Statement claim_events{"webhooks.claim", R"sql(
    UPDATE neon_auth.argonauth_webhook_delivery d SET attempts = d.attempts + 1, next_attempt_at = now() + interval '60 seconds'
      FROM (SELECT id FROM neon_auth.argonauth_webhook_delivery
             WHERE state = 'pending' AND branch_id = $1 AND body IS NOT NULL AND next_attempt_at <= now()
             ORDER BY next_attempt_at LIMIT 8 FOR UPDATE SKIP LOCKED) due
     WHERE d.id = due.id
    RETURNING d.id, d.event_type, d.body, d.attempts, d.earlier_attempts, d.give_up_at < now())sql"};

// The log keeps the last twenty attempts. A tenant can write anything into its tables, so the column may hold no list.
constexpr pg::Statement settle_event{"webhooks.settle", R"sql(
    UPDATE neon_auth.argonauth_webhook_delivery
       SET state = $2, response_status = nullif($3::integer, 0), last_error = nullif($4, ''),
           finished_at = CASE WHEN $2 = 'pending' THEN NULL ELSE now() END,
           next_attempt_at = now() + make_interval(secs => $5::float8 / 1000),
           attempt_log = (SELECT coalesce(jsonb_agg(kept.line ORDER BY kept.n), '[]')
                            FROM (SELECT line, n
                                    FROM jsonb_array_elements(CASE jsonb_typeof(attempt_log) WHEN 'array' THEN attempt_log ELSE '[]' END || $6::jsonb)
                                         WITH ORDINALITY AS lines (line, n)
                                   ORDER BY n DESC LIMIT 20) AS kept)
     WHERE id = $1)sql"};

constexpr pg::Statement prune_log{"webhooks.prune", R"sql(
    DELETE FROM neon_auth.argonauth_webhook_delivery
     WHERE branch_id <> $1 OR (state <> 'pending' AND coalesce(finished_at, created_at) < now() - interval '7 days')
        OR id IN (SELECT id FROM neon_auth.argonauth_webhook_delivery
                   WHERE branch_id = $1 AND state <> 'pending' ORDER BY created_at DESC OFFSET 10000))sql"};

constexpr pg::Statement select_next_due{"webhooks.select_next_due", R"sql(
    SELECT greatest(0, ceil(extract(epoch FROM min(next_attempt_at) - now())))::bigint FROM neon_auth.argonauth_webhook_delivery
     WHERE state = 'pending' AND branch_id = $1)sql"};

struct Row {
    Claimed claimed;

    static void columns(auto& column, auto& row) {
        column(row.claimed.event.id);
        column(row.claimed.event.type);
        column(row.claimed.event.body);
        column(row.claimed.attempts);
        column(row.claimed.earlier_attempts);
        column(row.claimed.is_last);
    }
};

/// 1, 2, 4 ... seconds up to about an hour, each up to half as long again.
std::int64_t wait_milliseconds(std::int64_t attempts) {
    const auto base = std::int64_t{1000} << std::clamp<std::int64_t>(attempts - 1, 0, 11);
    const auto random = crypto::random_bytes(1);
    return base + base * static_cast<unsigned char>(random[0]) / 512;
}
}  // namespace

awaitable<> enqueue(pg::Executor& db, const BranchId& branch, const Event& event) {
    co_await db.query(insert_event, event.id, branch, event.type, event.body);
}

awaitable<> record(pg::Executor& db, const BranchId& branch, const Event& event, const Outcome& outcome) {
    co_await db.query(insert_record, event.id, branch, event.type, outcome.delivered, outcome.attempts, outcome.status, outcome.reason,
                      json::encode(outcome.log), nullptr);
}

awaitable<> record_test(pg::Executor& db, const BranchId& branch, const Event& event, const Outcome& outcome) {
    co_await db.query(insert_record, event.id, branch, event.type, outcome.delivered, outcome.attempts, outcome.status, outcome.reason,
                      json::encode(outcome.log), event.body);
}

awaitable<std::vector<Claimed>> claim(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(claim_events, branch);
    std::vector<Claimed> claimed;
    for (auto& row : rows.all<Row>()) claimed.push_back(std::move(row.claimed));
    co_return claimed;
}

awaitable<> settle(pg::Executor& db, const Claimed& claimed, const Outcome& outcome) {
    const bool again = !outcome.delivered && outcome.may_retry && !claimed.is_last;
    const auto* state = outcome.delivered ? "delivered" : again ? "pending" : "failed";
    co_await db.query(settle_event, claimed.event.id, state, outcome.status, outcome.reason,
                      wait_milliseconds(claimed.attempts - claimed.earlier_attempts), json::encode(outcome.log));
}

awaitable<> prune(pg::Executor& db, const BranchId& branch) { co_await db.query(prune_log, branch); }

awaitable<std::optional<std::int64_t>> next_due(pg::Executor& db, const BranchId& branch) {
    const auto rows = co_await db.query(select_next_due, branch);
    co_return rows.one<std::optional<std::int64_t>>();
}
}  // namespace argon::webhooks
