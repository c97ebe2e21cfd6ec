#include "mail/outbox.hpp"

#include <algorithm>

#include "crypto/envelope.hpp"
#include "crypto/random.hpp"
#include "json/decoder.hpp"
#include "json/writer.hpp"

namespace argon::mail {
namespace {
struct Sql {
    pg::Statement insert, claim, remove, postpone, delete_dead, select_next_due;
};

// 90 seconds: longer than an attempt may take (outbound::Mail::timeout) with room for the answer of the database.
#define MAIL_SQL(prefix, table)                                                                                                                    \
    Sql {                                                                                                                                          \
        {prefix ".insert", "INSERT INTO " table                                                                                                    \
                           " (id, branch_id, content, expires_at) SELECT $1, $2, $3, $4 "                                                          \
                           "WHERE (SELECT count(*) FROM (SELECT FROM " table " LIMIT 10000) waiting) < 10000"},                                    \
            {prefix ".claim",                                                                                                                      \
             "UPDATE " table " m SET attempts = m.attempts + 1, next_attempt_at = now() + interval '90 seconds' FROM (SELECT id FROM " table       \
             " WHERE branch_id = $1 AND next_attempt_at <= now() AND expires_at > now() ORDER BY next_attempt_at LIMIT 8 FOR UPDATE SKIP LOCKED) " \
             "due WHERE m.id = due.id RETURNING m.id, m.attempts, m.created_at, m.content"},                                                       \
            {prefix ".delete", "DELETE FROM " table " WHERE id = $1"},                                                                             \
            {prefix ".postpone",                                                                                                                   \
             "UPDATE " table " SET next_attempt_at = now() + make_interval(secs => $2::float8 / 1000), last_error = $3 WHERE id = $1"},            \
            {prefix ".delete_dead", "DELETE FROM " table " WHERE (expires_at <= now() AND next_attempt_at <= now()) OR branch_id <> $1"},          \
            {prefix ".select_next_due",                                                                                                            \
             "SELECT greatest(0, ceil(extract(epoch FROM min(next_attempt_at) - now())))::bigint FROM " table " WHERE branch_id = $1"},            \
    }

constexpr Sql auth_sql = MAIL_SQL("mail", "neon_auth.argonauth_mail");
constexpr Sql legacy_sql = MAIL_SQL("mail.legacy", "stack_auth.argonauth_mail");

const Sql& sql_of(Box box) { return box == Box::legacy ? legacy_sql : auth_sql; }

struct Row {
    std::string id;
    std::int64_t attempts;
    TimePoint created_at;
    std::string content;

    static void columns(auto& column, auto& row) {
        column(row.id);
        column(row.attempts);
        column(row.created_at);
        column(row.content);
    }
};

std::string place(std::string_view id) { return "neon_auth.argonauth_mail.content|" + std::string{id}; }

std::optional<Order> open_order(const crypto::SecretKey& key, const Row& row) {
    const auto content = crypto::open(key, row.content, place(row.id));
    const auto value = content ? json::parse(*content) : std::nullopt;
    Order order;
    if (!value || !json::decode(&*value, "mail", order).empty()) return {};
    return order;
}

/// 1, 2, 4 ... 256 seconds, each up to half as long again: mails that failed together do not come back together.
std::int64_t wait_milliseconds(std::int64_t attempts) {
    const auto base = std::int64_t{1000} << std::clamp<std::int64_t>(attempts - 1, 0, 8);
    const auto random = crypto::random_bytes(1);
    return base + base * static_cast<unsigned char>(random[0]) / 512;
}
}  // namespace

awaitable<bool> enqueue(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, const Order& order, TimePoint expires_at, Box box) {
    const auto id = crypto::random_uuid();
    const auto content = crypto::seal(key, json::encode(order), place(id));
    const auto rows = co_await db.query(sql_of(box).insert, id, branch, content, expires_at);
    co_return rows.affected() == 1;
}

awaitable<std::vector<Claimed>> claim(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, Box box) {
    const auto rows = co_await db.query(sql_of(box).claim, branch);
    std::vector<Claimed> claimed;
    for (const auto& row : rows.all<Row>()) claimed.push_back({row.id, row.attempts, row.created_at, open_order(key, row)});
    co_return claimed;
}

awaitable<> remove(pg::Executor& db, std::string_view id, Box box) { co_await db.query(sql_of(box).remove, id); }

awaitable<> postpone(pg::Executor& db, const Claimed& mail, std::string_view reason, Box box) {
    co_await db.query(sql_of(box).postpone, mail.id, wait_milliseconds(mail.attempts), reason);
}

awaitable<std::int64_t> remove_dead(pg::Executor& db, const BranchId& branch, Box box) {
    const auto rows = co_await db.query(sql_of(box).delete_dead, branch);
    co_return rows.affected();
}

awaitable<std::optional<std::int64_t>> next_due(pg::Executor& db, const BranchId& branch, Box box) {
    const auto rows = co_await db.query(sql_of(box).select_next_due, branch);
    co_return rows.one<std::optional<std::int64_t>>();
}
}  // namespace argon::mail
