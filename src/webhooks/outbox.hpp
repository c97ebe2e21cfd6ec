// Events that wait for their receiver, and the log of those that do not wait any more: rows of neon_auth.argonauth_webhook_delivery.
#pragma once

#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "pg/executor.hpp"
#include "webhooks/delivery.hpp"

namespace argon::webhooks {

struct Claimed {
    Event event;
    std::int64_t attempts = 0;          ///< this one included
    std::int64_t earlier_attempts = 0;  ///< made before somebody asked for the event once more
    bool is_last = false;               ///< too old to be tried again
};

/// In the transaction that causes the event.
awaitable<> enqueue(pg::Executor& db, const BranchId& branch, const Event& event);
/// The log's entry for an event that somebody waited for. Its body is not kept: it holds a code or a link.
awaitable<> record(pg::Executor& db, const BranchId& branch, const Event& event, const Outcome& outcome);
/// As record, for an event that an operator made up: the body holds nothing of anybody and is kept.
awaitable<> record_test(pg::Executor& db, const BranchId& branch, const Event& event, const Outcome& outcome);

/// Some of the events that are due, for this node alone.
awaitable<std::vector<Claimed>> claim(pg::Executor& db, const BranchId& branch);
/// Delivered, failed for good, or to be tried again later.
awaitable<> settle(pg::Executor& db, const Claimed& claimed, const Outcome& outcome);
/// Removes what is older than a week or beyond the newest ten thousand entries of the log, and what a copied branch brought along.
awaitable<> prune(pg::Executor& db, const BranchId& branch);
/// Seconds until the next event is due; nothing when none waits.
awaitable<std::optional<std::int64_t>> next_due(pg::Executor& db, const BranchId& branch);
}  // namespace argon::webhooks
