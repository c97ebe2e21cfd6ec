// Emptying the outboxes: rows are claimed, sent side by side up to a limit for each branch, and settled one by one, so that neither a
// hanging server nor a full outbox of one branch holds up another.
#include <algorithm>
#include <unordered_set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/branch_auth.hpp"
#include "api/delivery.hpp"
#include "api/legacy_settings.hpp"
#include "base/log.hpp"
#include "base/sleep.hpp"
#include "webhooks/outbox.hpp"

namespace argon::api {
namespace {
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Time = std::chrono::steady_clock::time_point;

constexpr int most_at_once = 16;  // for each branch and thread
constexpr std::chrono::seconds longest_pause{30};
constexpr std::chrono::seconds between_looks{5};
/// Without any sign of use; the rows of a node that died wait no longer than this.
constexpr std::chrono::minutes between_idle_looks{5};

mail::Box box_of(const branches::LiveBranch& branch) { return branch.legacy_project.empty() ? mail::Box::auth : mail::Box::legacy; }

/// How mails leave the branch. The auth service's settings are in the branch, the legacy provider's in the control database.
awaitable<std::shared_ptr<const identity::Settings>> load_mail_settings(Services& services, const std::shared_ptr<branches::LiveBranch>& branch,
                                                                        pg::Pool& pool) {
    if (!branch->legacy_project.empty()) {
        auto settings = co_await load_legacy_settings(services, branch->legacy_project);
        co_return std::make_shared<const identity::Settings>(std::move(settings));
    }
    const auto auth = co_await load_branch_auth(services, branch, pool);
    co_return std::shared_ptr<const identity::Settings>{auth, &auth->settings};
}

void log_problem(const BranchId& branch, std::string_view what, std::string_view reason) {
    log::warn(what, {{"branch", branch.value}, {"reason", reason}});
}
}  // namespace

/// What one thread has under way for one branch.
struct Delivery::Drain {
    Drain(asio::io_context& io, std::shared_ptr<branches::LiveBranch> owner) : branch(std::move(owner)), room(io), retry(io) {}

    std::shared_ptr<branches::LiveBranch> branch;
    bool running = false;
    bool again = false;
    int in_flight = 0;
    Timer room;   // cancelled when a delivery has ended
    Timer retry;  // the next look at what failed
    /// Sent, but the row could not be removed: never send these once more.
    std::unordered_set<std::string> sent;
};

namespace {
/// Waits until one more delivery may begin.
template <class Drain>
awaitable<> wait_for_room(Drain& drain) {
    while (drain.in_flight >= most_at_once) {
        boost::system::error_code cancelled;
        drain.room.expires_at(Time::max());
        co_await drain.room.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
}

/// Runs `work` beside others of the branch; a fault of it is logged and the row comes back when its claim ends.
template <class Drain, class Work>
void run_beside(asio::io_context& io, std::shared_ptr<Drain> drain, Work work) {
    ++drain->in_flight;
    asio::co_spawn(
        io,
        [drain, work = std::move(work)]() -> awaitable<> {
            try {
                co_await work();
            } catch (const std::exception& fault) {
                log_problem(drain->branch->branch, "a delivery could not be settled", fault.what());
            }
            --drain->in_flight;
            drain->room.cancel();
        },
        asio::detached);
}
}  // namespace

Delivery::~Delivery() = default;

std::shared_ptr<Delivery::Drain> Delivery::drain_of(const std::shared_ptr<branches::LiveBranch>& branch) {
    auto& drains = drains_[IoThreads::current_index()];
    std::erase_if(drains, [](const auto& entry) { return entry.second->branch->gone && !entry.second->running && entry.second->in_flight == 0; });
    auto& drain = drains[branch.get()];
    if (!drain) drain = std::make_shared<Drain>(threads_.current(), branch);
    return drain;
}

void Delivery::wake(Services& services, std::shared_ptr<branches::LiveBranch> branch) {
    const auto entry = drain_of(branch);
    if (entry->running) {
        entry->again = true;
        return;
    }
    entry->running = true;
    asio::co_spawn(threads_.current(), [this, &services, entry]() -> awaitable<> { co_await drain(services, entry); }, asio::detached);
}

awaitable<> Delivery::drain(Services& services, std::shared_ptr<Drain> drain) {
    std::optional<std::int64_t> due;
    try {
        do {
            drain->again = false;
            const auto pool = co_await services.registry.pool(*drain->branch);
            co_await drain_mails(services, drain, pool);
            const bool is_legacy = box_of(*drain->branch) == mail::Box::legacy;  // which has no webhooks
            if (!is_legacy) co_await drain_events(services, drain, pool);
            const auto mail_due = co_await mail::next_due(*pool, drain->branch->branch, box_of(*drain->branch));
            std::optional<std::int64_t> event_due;
            if (!is_legacy) event_due = co_await webhooks::next_due(*pool, drain->branch->branch);
            due = mail_due && event_due ? std::min(mail_due, event_due) : mail_due ? mail_due : event_due;
        } while (drain->again);
    } catch (const std::exception& fault) {
        log_problem(drain->branch->branch, "the outbox cannot be read", fault.what());
        due = longest_pause.count();
    }
    drain->running = false;
    if (!due || drain->branch->gone || stopping_) co_return;
    // When it is due and not before: between retries that lie far apart a branch may be stopped, and the retry starts it again.
    drain->retry.expires_after(std::max(std::chrono::seconds{*due}, std::chrono::seconds{1}));
    drain->retry.async_wait([this, &services, drain](boost::system::error_code cancelled) {
        if (!cancelled && !drain->branch->gone && !stopping_) wake(services, drain->branch);
    });
}

awaitable<> Delivery::drain_mails(Services& services, std::shared_ptr<Drain> drain, std::shared_ptr<pg::Pool> pool) {
    const auto& branch = drain->branch->branch;
    const auto key = services.master_key.derive("outbox");
    const auto box = box_of(*drain->branch);
    const auto dead = co_await mail::remove_dead(*pool, branch, box);
    if (dead > 0) log::warn("mails were dropped: nobody took them before their code or link died", {{"branch", branch.value}, {"mails", dead}});
    while (true) {
        co_await wait_for_room(*drain);
        auto claimed = co_await mail::claim(*pool, key, branch, box);
        if (claimed.empty()) co_return;
        const auto settings = co_await load_mail_settings(services, drain->branch, *pool);
        for (auto& mail : claimed) {
            run_beside(threads_.current(), drain, [this, &services, drain, pool, settings, box, mail = std::move(mail)]() -> awaitable<> {
                if (!mail.order || drain->sent.contains(mail.id)) {
                    co_await mail::remove(*pool, mail.id, box);
                    co_return;
                }
                const auto& id = drain->branch->branch;
                const auto answer = co_await post(services, *settings, id, *mail.order, mail.id, mail.created_at);
                if (answer.failure == outbound::Failure::none) {
                    drain->sent.insert(mail.id);
                    co_await mail::remove(*pool, mail.id, box);
                    drain->sent.erase(mail.id);
                    co_return;
                }
                log_problem(id, answer.permanent ? "a mail was refused and is dropped" : "a mail was not taken and is tried again", answer.reason);
                if (answer.permanent) {
                    co_await mail::remove(*pool, mail.id, box);
                } else {
                    co_await mail::postpone(*pool, mail, answer.reason, box);
                    if (!drain->running) wake(services, drain->branch);
                }
            });
        }
    }
}

awaitable<> Delivery::drain_events(Services& services, std::shared_ptr<Drain> drain, std::shared_ptr<pg::Pool> pool) {
    const auto& branch = drain->branch->branch;
    while (true) {
        co_await wait_for_room(*drain);
        auto claimed = co_await webhooks::claim(*pool, branch);
        if (claimed.empty()) co_return;
        const auto auth = co_await load_branch_auth(services, drain->branch, *pool);
        for (auto& event : claimed) {
            run_beside(threads_.current(), drain, [this, &services, drain, pool, auth, event = std::move(event)]() -> awaitable<> {
                const auto& hook = auth->settings.webhook;
                webhooks::Outcome outcome{.reason = "the webhook was switched off"};
                if (hook.enabled && !hook.webhookUrl.empty()) {
                    const auto target = make_target(auth->settings, auth->keys);
                    outcome = co_await webhooks::attempt(client(), target, event.event, static_cast<int>(event.attempts), target.timeout);
                }
                co_await webhooks::settle(*pool, event, outcome);
                if (outcome.delivered) co_return;
                log_problem(drain->branch->branch, "a webhook was not delivered", outcome.reason);
                if (!drain->running) wake(services, drain->branch);
            });
        }
    }
}

void Delivery::start(Services& services) {
    asio::co_spawn(threads_.io(0), [this, &services]() -> awaitable<> { co_await look_around(services); }, asio::detached);
}

/// On one thread: outboxes that nobody woke us for, because the node that wrote to them died, or this one did. Branches that stand
/// still are not woken for it; they are looked at when somebody comes back to them.
awaitable<> Delivery::look_around(Services& services) {
    struct Look {
        std::int64_t last_used = -1;
        Time at{};
    };
    std::unordered_map<std::string, Look> looks;
    while (!stopping_) {
        co_await sleep(threads_.io(0), between_looks);
        for (const auto& branch : services.registry.live_branches()) {
            auto& look = looks[branch->branch.value + "/" + branch->database];
            const auto now = std::chrono::steady_clock::now();
            const auto last_used = branch->cluster->last_used.load();
            const bool was_used = look.last_used != last_used && now - look.at > longest_pause;
            if (branch->gone || (!was_used && now - look.at < between_idle_looks)) continue;
            look = {last_used, now};
            try {
                const auto pool = services.registry.pool_if_running(*branch);
                if (!pool) continue;
                const auto mail_due = co_await mail::next_due(*pool, branch->branch, box_of(*branch));
                std::optional<std::int64_t> event_due;
                if (box_of(*branch) == mail::Box::auth) {
                    co_await webhooks::prune(*pool, branch->branch);
                    event_due = co_await webhooks::next_due(*pool, branch->branch);
                }
                if (mail_due || event_due) wake(services, branch);
            } catch (const std::exception& fault) {
                log_problem(branch->branch, "the outbox cannot be read", fault.what());
            }
        }
    }
}
}  // namespace argon::api
