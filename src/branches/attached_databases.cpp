#include "branches/attached_databases.hpp"

#include <set>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/setup_error.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;

constexpr auto lookup_patience = 2s;
constexpr auto lookup_pause = 1s;

constexpr const char* select_facts = R"sql(
    SELECT current_setting('server_version_num')::integer / 10000, current_user, current_database(),
           NOT (pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean))sql";
}  // namespace

struct AttachedDatabases::Entry {
    std::shared_ptr<ClusterState> state = std::make_shared<ClusterState>();
    std::atomic<bool> resolving{false};

    std::mutex mutex;  // of what follows
    Attachment attachment;
    std::shared_ptr<pg::Locator> locator;
    std::string problem;  // why the last look-up failed
    Steady::time_point retry_at;
};

AttachedDatabases::AttachedDatabases(std::function<pg::Executor&()> control, const crypto::MasterKey& master_key, AttachedConfig config)
    : control_(std::move(control)), master_key_(master_key), config_(std::move(config)) {}

awaitable<> AttachedDatabases::reload(BranchId branch) {
    auto& control = control_();
    const auto attachments = co_await list_attachments(control, branch);
    std::set<BranchId> found;
    for (const auto& attachment : attachments) {
        found.insert(attachment.branch_id);
        take(attachment);
    }
    std::vector<BranchId> lost;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [id, entry] : entries_) {
            if (!found.contains(id) && (branch.value.empty() || id == branch)) lost.push_back(id);
        }
    }
    for (const auto& id : lost) remove(id);
}

/// A string that did not change keeps its connections.
void AttachedDatabases::take(const Attachment& attachment) {
    const auto entry = find_or_add(attachment.branch_id);
    const std::lock_guard lock{entry->mutex};
    if (entry->locator && entry->attachment.sealed_conninfo == attachment.sealed_conninfo) return;
    try {
        const auto text = open_conninfo(master_key_, attachment.branch_id, attachment.sealed_conninfo);
        auto info = pg::Conninfo::parse(text.reveal());
        if (!info) throw std::runtime_error(info.error());
        entry->locator = make_locator(std::move(*info));
        entry->attachment = attachment;
        entry->retry_at = {};
        entry->state->running = false;
        ++entry->state->generation;
    } catch (const std::exception& error) {
        log::error("a connection string cannot be used", {{"branch", attachment.branch_id.value}, {"reason", error.what()}});
    }
}

std::shared_ptr<pg::Locator> AttachedDatabases::make_locator(pg::Conninfo info) const {
    pg::require_verified_tls(info, config_.ca_file);
    if (info.get("connect_timeout").empty()) info.set("connect_timeout", "2");
    return std::make_shared<pg::Locator>(std::move(info), resolvers_);
}

std::shared_ptr<AttachedDatabases::Entry> AttachedDatabases::find(const BranchId& branch) const {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(branch);
    return found == entries_.end() ? nullptr : found->second;
}

std::shared_ptr<AttachedDatabases::Entry> AttachedDatabases::find_or_add(const BranchId& branch) {
    const std::lock_guard lock{mutex_};
    auto& entry = entries_[branch];
    if (!entry) entry = std::make_shared<Entry>();
    return entry;
}

std::shared_ptr<pg::Locator> AttachedDatabases::locator(const BranchId& branch) const {
    const auto entry = find(branch);
    if (!entry) throw pg::Unavailable{"the branch has no attached database"};
    const std::lock_guard lock{entry->mutex};
    if (!entry->locator) throw pg::Unavailable{"the branch has no attached database"};
    return entry->locator;
}

void AttachedDatabases::create(const BranchId&, const NewCluster&) { throw SetupError{"This server makes no databases: attach one."}; }

void AttachedDatabases::remove(const BranchId& branch) {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(branch);
    if (found == entries_.end()) return;
    found->second->state->running = false;
    ++found->second->state->generation;
    entries_.erase(found);
}

DatabaseFacts AttachedDatabases::probe(const pg::Conninfo& info) const {
    const auto place = make_locator(info);
    place->resolve();
    pg::Session session{place->conninfo(), std::chrono::seconds{6}};
    session.execute("SET statement_timeout = '5s'");
    return session.query(select_facts).one<DatabaseFacts>();
}

DumpSource AttachedDatabases::dump_source(const BranchId& branch, const std::string& database) {
    auto info = pg::Conninfo::parse(service_conninfo(branch, database));
    if (!info) throw SetupError(info.error());
    const Secret<> password{info->get("password")};
    info->set("password", "");
    return {.program = {}, .account = {}, .directory = {}, .conninfo = info->text(), .password = password};
}

std::shared_ptr<ClusterState> AttachedDatabases::state(const BranchId& branch) { return find_or_add(branch)->state; }

void AttachedDatabases::look_up_behind(const std::shared_ptr<Entry>& entry, std::shared_ptr<pg::Locator> locator) {
    if (entry->resolving.exchange(true)) return;
    resolvers_.post([entry, locator = std::move(locator)] {
        try {
            locator->resolve();
            entry->state->running = true;
        } catch (const std::exception& error) {
            const std::lock_guard lock{entry->mutex};
            entry->problem = error.what();
            entry->retry_at = Steady::now() + lookup_pause;
        }
        entry->resolving = false;
    });
}

/// Running means that there are addresses to connect to. Whether anybody answers there is the pool's business.
awaitable<> AttachedDatabases::ensure_running(asio::io_context& home, BranchId branch) {
    const auto entry = find_or_add(branch);
    if (entry->state->running) co_return;
    bool known = false;
    {
        const std::lock_guard lock{entry->mutex};
        known = entry->locator != nullptr;
        if (Steady::now() < entry->retry_at) throw pg::Unreachable{entry->problem};
    }
    // Attached on another node a moment ago.
    if (!known) co_await reload(branch);
    const auto place = locator(branch);
    if (!place->needs_lookup()) {
        place->resolve();
        entry->state->running = true;
        co_return;
    }
    look_up_behind(entry, place);
    Timer timer{home};
    const auto end = Steady::now() + lookup_patience;
    while (entry->resolving && Steady::now() < end) {
        boost::system::error_code ignored;
        timer.expires_after(5ms);
        co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    }
    if (entry->state->running) co_return;
    const std::lock_guard lock{entry->mutex};
    throw pg::Unreachable{entry->problem.empty() ? "the name servers do not answer" : entry->problem};
}

std::string AttachedDatabases::service_conninfo(const BranchId& branch, const std::string& database) const {
    return locator(branch)->conninfo() + " " + pg::conninfo_pair("dbname", database);
}

std::string AttachedDatabases::catalog_conninfo(const BranchId& branch) const { return locator(branch)->conninfo(); }

pg::PoolConfig AttachedDatabases::pool_config(const BranchId& branch, const std::string& database) const {
    return {.conninfo = pg::conninfo_pair("dbname", database), .locator = locator(branch)};
}

void AttachedDatabases::complete(const BranchId& branch, ConnectionTarget& target) const {
    const auto entry = find(branch);
    if (!entry) throw pg::Unavailable{"the branch was attached a moment ago"};
    const std::lock_guard lock{entry->mutex};
    if (!entry->locator) throw pg::Unavailable{"the branch was attached a moment ago"};
    target.host = entry->attachment.host;
    target.options = entry->attachment.options;
}
}  // namespace argon::branches
