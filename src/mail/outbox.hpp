// Mails that wait to be sent: rows of neon_auth.argonauth_mail. A node claims a row for longer than an attempt can take, sends it and
// removes it: a mail goes out once, and once more only if its node dies in between.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "crypto/secret_key.hpp"
#include "pg/executor.hpp"

namespace argon::mail {

/// One mail: which one, for whom, and the code or link it carries; the legacy provider's sign-in links show a code as well. It is rendered when it is sent.
struct Order {
    std::string kind;  ///< a name of `mailTemplates`: signInCode, resetLink ...
    std::string to;
    std::string code;  ///< this,
    std::string url;  ///< or this
    std::int64_t minutes = 0;
    std::string detail;  ///< what the mail is about, where code or link do not say it: the new address, the organization
    std::string actor;  ///< who caused it, where that is somebody else than the recipient

    static void fields(auto& f, auto& order) {
        f.required("kind", order.kind);
        f.required("to", order.to);
        f.optional("code", order.code);
        f.optional("url", order.url);
        f.optional("minutes", order.minutes);
        f.optional("detail", order.detail);
        f.optional("actor", order.actor);
    }
};

/// Which of a branch's two outboxes: the auth service's in schema neon_auth, or the legacy provider's in stack_auth.
enum class Box { auth, legacy };

struct Claimed {
    std::string id;
    std::int64_t attempts = 0;  ///< this one included
    TimePoint created_at;
    std::optional<Order> order;  ///< absent when the row is not ours to open
};

/// Writes the mail sealed into the outbox, in the caller's transaction. False when the outbox is full.
awaitable<bool> enqueue(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, const Order& order, TimePoint expires_at,
                        Box box = Box::auth);
/// Some of the mails that are due, for this node alone.
awaitable<std::vector<Claimed>> claim(pg::Executor& db, const crypto::SecretKey& key, const BranchId& branch, Box box = Box::auth);
/// The mail was sent, or never will be.
awaitable<> remove(pg::Executor& db, std::string_view id, Box box = Box::auth);
/// Comes back later; longer each time.
awaitable<> postpone(pg::Executor& db, const Claimed& mail, std::string_view reason, Box box = Box::auth);
/// Those whose code or link is dead, and those that a copied branch brought along. How many.
awaitable<std::int64_t> remove_dead(pg::Executor& db, const BranchId& branch, Box box = Box::auth);

/// Seconds until the next mail is due; nothing when none waits.
awaitable<std::optional<std::int64_t>> next_due(pg::Executor& db, const BranchId& branch, Box box = Box::auth);
}  // namespace argon::mail
