// A PostgreSQL server process that we own: made with initdb, started, watched and stopped by us, gone when we are gone.
// Everything here blocks (a start 15 to 60 ms, initdb 300 to 450 ms) and belongs on a worker thread.
#pragma once

#include <chrono>
#include <optional>

#include "branches/child_process.hpp"
#include "branches/postgres_account.hpp"
#include "branches/postgres_binaries.hpp"
#include "branches/postgres_settings.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {

enum class StopMode {
    smart,      // waits for clients to leave
    fast,       // ends their sessions, writes a checkpoint
    immediate,  // ends at once; the next start recovers from the log
};

class PostgresServer {
public:
    PostgresServer(Binaries binaries, Account account, ClusterSettings settings);
    PostgresServer(PostgresServer&&) = default;
    PostgresServer& operator=(PostgresServer&&) = delete;
    /// Stops it fast.
    ~PostgresServer();

    static bool is_initialized(const ClusterSettings& settings);
    /// Makes a new cluster in settings.data, which must not exist. Interrupted at any moment, it leaves nothing there.
    static void initialize(const Binaries& binaries, const Account& account, const ClusterSettings& settings);

    /// Returns when the server accepts connections; throws SetupError, with PostgreSQL's own words, when it does not.
    /// Ends what an earlier run left behind: stale lock files, servers and backends that outlived their owner.
    /// Call it on a thread that lives as long as the server shall: the kernel stops the server when *that thread* ends, however
    /// it ends. That is what stops the server when we are killed.
    void start(std::chrono::milliseconds patience = std::chrono::minutes{5});
    /// Returns when it ended. Past `patience` the next harder mode follows, and SIGKILL at last.
    void stop(StopMode mode = StopMode::fast, std::chrono::milliseconds patience = std::chrono::seconds{20});

    bool is_running();
    /// The postmaster's process id; 0 when none is known to run.
    pid_t pid() const { return child_ ? child_->pid() : 0; }
    const ClusterSettings& settings() const { return settings_; }

private:
    void require_usable_data() const;
    void clear_leftovers() const;
    void write_own_files() const;
    void launch(std::chrono::milliseconds patience);
    void wait_until_ready(std::chrono::milliseconds patience, std::size_t log_start);

    Binaries binaries_;
    Account account_;
    ClusterSettings settings_;
    std::optional<Child> child_;
};

}  // namespace argon::branches
