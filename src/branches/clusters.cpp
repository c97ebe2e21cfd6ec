#include "branches/clusters.hpp"

#include <shared_mutex>

#include <fmt/format.h>

#include "base/log.hpp"
#include "branches/cluster_copy.hpp"
#include "branches/free_port.hpp"
#include "branches/migrations.hpp"
#include "pg/errors.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
constexpr std::uint16_t control_port = 5432;  // names the socket only: the control cluster does not listen on TCP

std::string conninfo(const std::filesystem::path& sockets, std::uint16_t port, std::string_view role, std::string_view database) {
    std::string quoted;
    for (const char c : database) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return fmt::format("host='{}' port={} user={} dbname='{}' sslmode=disable", sockets.string(), port, role, quoted);
}

}  // namespace

/// One branch's server. `mutex` is held while it starts or stops, so that two requests start it once.
struct Clusters::Cluster {
    std::shared_mutex copies;  // shared while it is copied; taken before `mutex`
    std::mutex mutex;
    std::optional<PostgresServer> server;
    std::shared_ptr<ClusterState> state = std::make_shared<ClusterState>();
    BranchId branch;
    std::string directory;
};

void ClusterState::touch() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    last_used.store(std::chrono::duration_cast<std::chrono::seconds>(now).count(), std::memory_order_relaxed);
}

Clusters::Clusters(DataDirectory& directory, ClusterConfig config, Workers& workers)
    : directory_(directory), config_(std::move(config)), workers_(workers), removed_(directory.removed(), config_.account) {}

Clusters::~Clusters() { stop_all(); }

std::string Clusters::start_control() {
    const ClusterSettings settings{
        .data = directory_.control_cluster(), .socket_directory = directory_.socket_directory(), .port = control_port, .name = "argonauth control"};
    const bool fresh = !PostgresServer::is_initialized(settings);
    if (fresh) PostgresServer::initialize(config_.binaries, config_.account, settings);
    control_ = std::make_unique<PostgresServer>(config_.binaries, config_.account, settings);
    control_->start();
    const auto database = conninfo(settings.socket_directory, control_port, superuser, "postgres");
    pg::Session session{database};
    session.execute("CREATE SCHEMA IF NOT EXISTS argonauth");
    session.migrate("argonauth", migrations::control);
    return database;
}

std::shared_ptr<Clusters::Cluster> Clusters::find(const BranchId& branch) const {
    const std::lock_guard lock{mutex_};
    const auto found = clusters_.find(branch);
    return found == clusters_.end() ? nullptr : found->second;
}

std::shared_ptr<Clusters::Cluster> Clusters::find_or_add(const BranchId& branch) {
    const std::lock_guard lock{mutex_};
    auto& entry = clusters_[branch];
    if (!entry) {
        entry = std::make_shared<Cluster>();
        entry->branch = branch;
        entry->directory = branch.value;
    }
    return entry;
}

std::filesystem::path Clusters::data_of(const Cluster& cluster) const { return directory_.branch_cluster(BranchId{cluster.directory}); }

/// The port is the server's own, on loopback, new at each start: users come through the endpoint's port (database_proxy.hpp).
void Clusters::start_cluster(Cluster& cluster) {
    auto& state = *cluster.state;
    state.touch();
    if (state.running && cluster.server && cluster.server->is_running()) return;
    state.running = false;
    cluster.server.reset();
    const ClusterSettings settings{.data = data_of(cluster),
                                   .socket_directory = directory_.socket_directory(),
                                   .port = pick_free_port(0),
                                   .accept_tcp = true,
                                   .name = cluster.branch.value};
    if (!PostgresServer::is_initialized(settings)) throw SetupError{fmt::format("branch {} has no data directory", cluster.branch.value)};
    cluster.server.emplace(config_.binaries, config_.account, settings);
    cluster.server->start();
    state.port = settings.port;
    ++state.generation;
    state.running = true;
}

void Clusters::create(const BranchId& branch, const NewCluster& contents) {
    const auto cluster = find_or_add(branch);
    const std::lock_guard lock{cluster->mutex};
    const ClusterSettings settings{.data = directory_.branch_cluster(branch), .socket_directory = directory_.socket_directory(), .port = 0};
    PostgresServer::initialize(config_.binaries, config_.account, settings);
    start_cluster(*cluster);
    pg::Session session{admin_conninfo(branch, "postgres")};
    // No CREATEROLE: in PostgreSQL 15 it could grant itself pg_execute_server_program and leave the database for the host.
    session.execute(fmt::format("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}", session.quote_identifier(contents.role),
                                session.quote_literal(contents.password.reveal())));
    session.execute(fmt::format("CREATE ROLE {} LOGIN NOINHERIT", auth_role));
    session.execute(fmt::format("CREATE DATABASE {} OWNER {}", session.quote_identifier(contents.database), session.quote_identifier(contents.role)));
    session.execute("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC; REVOKE CONNECT ON DATABASE template1 FROM PUBLIC");
}

void Clusters::copy(const BranchId& parent, const BranchId& child) {
    const auto source = find_or_add(parent);
    const std::shared_lock copying{source->copies};
    {
        const std::lock_guard lock{source->mutex};
        start_cluster(*source);
    }
    const auto target = find_or_add(child);  // nobody else knows it yet
    copy_cluster({.binaries = config_.binaries,
                  .account = config_.account,
                  .socket_directory = directory_.socket_directory(),
                  .port = source->state->port,
                  .admin_conninfo = admin_conninfo(parent, "postgres")},
                 data_of(*target));
}

void Clusters::assign(const BranchId& branch, const std::string& directory) {
    const auto cluster = find_or_add(branch);
    const std::lock_guard copying{cluster->copies};
    const std::lock_guard lock{cluster->mutex};
    if (cluster->directory == directory) return;
    stop_cluster(*cluster);
    cluster->directory = directory;
}

void Clusters::forget(const BranchId& branch) {
    stop(branch);
    const std::lock_guard lock{mutex_};
    clusters_.erase(branch);
}

void Clusters::remove(const BranchId& branch) {
    const auto cluster = find_or_add(branch);
    {
        const std::lock_guard copying{cluster->copies};
        const std::lock_guard lock{cluster->mutex};
        stop_cluster(*cluster, StopMode::immediate);  // what it would still write goes anyway
    }
    removed_.take(data_of(*cluster).parent_path());
    const std::lock_guard lock{mutex_};
    clusters_.erase(branch);
}

DumpSource Clusters::dump_source(const BranchId& branch, const std::string& database) {
    start(branch);
    return {config_.binaries.program("pg_dump"), config_.account, directory_.socket_directory(), admin_conninfo(branch, database), {}};
}

void Clusters::start(const BranchId& branch) {
    const auto cluster = find_or_add(branch);
    const std::lock_guard lock{cluster->mutex};
    start_cluster(*cluster);
}

void Clusters::stop(const BranchId& branch) {
    const auto cluster = find(branch);
    if (!cluster) return;
    const std::lock_guard copying{cluster->copies};
    const std::lock_guard lock{cluster->mutex};
    stop_cluster(*cluster);
}

void Clusters::stop_cluster(Cluster& cluster, StopMode mode) {
    cluster.state->running = false;
    if (cluster.server) cluster.server->stop(mode);
    cluster.server.reset();
}

/// Does not wait for copies: at exit they fail, and what they made is removed at the next start.
void Clusters::stop_all() {
    for (const auto& cluster : all()) {
        const std::lock_guard lock{cluster->mutex};
        stop_cluster(*cluster);
    }
    const std::lock_guard lock{control_mutex_};
    if (control_) control_->stop();
    control_.reset();
}

void Clusters::revive() {
    {
        const std::lock_guard lock{control_mutex_};
        if (control_ && !control_->is_running()) {
            log::error("the control database ended; starting it again");
            control_->start();
        }
    }
    for (const auto& cluster : all()) {
        const std::unique_lock lock{cluster->mutex, std::try_to_lock};
        if (!lock || !cluster->state->running || cluster->server->is_running()) continue;
        log::error("a branch's database ended; its next request starts it again", {{"branch", cluster->branch.value}});
        cluster->state->running = false;
    }
}

void Clusters::tend() {
    try {
        revive();
        for (const auto& branch : idle_branches()) {
            log::info("stopping an idle branch", {{"branch", branch.value}});
            suspend(branch);
        }
    } catch (const std::exception& error) {
        log::error("a database cannot be started again", {{"reason", error.what()}});
    }
}

std::vector<std::shared_ptr<Clusters::Cluster>> Clusters::all() const {
    std::vector<std::shared_ptr<Cluster>> list;
    const std::lock_guard lock{mutex_};
    for (const auto& [branch, cluster] : clusters_) list.push_back(cluster);
    return list;
}

std::shared_ptr<ClusterState> Clusters::state(const BranchId& branch) { return find_or_add(branch)->state; }

std::vector<BranchId> Clusters::idle_branches() const {
    ClusterState clock;
    clock.touch();
    std::vector<BranchId> idle;
    const std::lock_guard lock{mutex_};
    for (const auto& [branch, cluster] : clusters_) {
        const auto& state = *cluster->state;
        if (state.running && state.users == 0 && state.suspend_after >= 0 && clock.last_used - state.last_used > state.suspend_after)
            idle.push_back(branch);
    }
    return idle;
}

void Clusters::suspend(const BranchId& branch) {
    const auto cluster = find(branch);
    if (!cluster) return;
    const std::unique_lock copying{cluster->copies, std::try_to_lock};
    if (!copying) return;
    const std::lock_guard lock{cluster->mutex};
    const auto idle = idle_branches();
    if (std::ranges::find(idle, branch) != idle.end()) stop_cluster(*cluster);
}

awaitable<> Clusters::ensure_running(asio::io_context& home, BranchId branch) {
    if (state(branch)->running) co_return;
    std::string problem;
    try {
        co_await workers_.run(home, [this, branch] { start(branch); });
        co_return;
    } catch (const SetupError& error) {
        problem = error.what();
    }
    log::error("a branch's database does not start", {{"branch", branch.value}, {"reason", problem}});
    throw pg::Unavailable{problem};
}

std::string Clusters::service_conninfo(const BranchId& branch, const std::string& database) const {
    return branch_conninfo(branch, auth_role, database);
}

std::string Clusters::admin_conninfo(const BranchId& branch, const std::string& database) const {
    return branch_conninfo(branch, superuser, database);
}

DatabaseFacts Clusters::probe(const pg::Conninfo&) const { throw std::logic_error("embedded mode attaches no databases"); }

pg::PoolConfig Clusters::pool_config(const BranchId& branch, const std::string& database) const {
    return {.conninfo = service_conninfo(branch, database)};
}

std::string Clusters::branch_conninfo(const BranchId& branch, std::string_view role, const std::string& database) const {
    const auto cluster = find(branch);
    const std::uint16_t port = cluster ? cluster->state->port.load() : 0;
    return conninfo(directory_.socket_directory(), port, role, database);
}
}  // namespace argon::branches
