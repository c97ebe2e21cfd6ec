#include "mail/outbox.hpp"

#include "crypto/envelope.hpp"
#include "crypto/random.hpp"
#include "json/writer.hpp"

namespace argon::mail {
namespace {
constexpr pg::Statement insert_mail{"mail.insert", R"sql(
    INSERT INTO neon_auth.argonauth_mail (id, branch_id, content, expires_at) VALUES ($1, $2, $3, $4))sql"};

std::string place(std::string_view id) { return "neon_auth.argonauth_mail.content|" + std::string{id}; }
}  // namespace

awaitable<> enqueue(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, const Order& order, TimePoint expires_at) {
    const auto id = crypto::random_uuid();
    const auto content = crypto::seal(key, json::encode(order), place(id));
    co_await db.query(insert_mail, id, branch, content, expires_at);
}
}  // namespace argon::mail
