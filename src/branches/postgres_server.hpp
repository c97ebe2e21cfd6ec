// A PostgreSQL server process that we own: made with initdb, started, watched and stopped by us, gone when we are gone.
// Everything here blocks (a start 15 to 60 ms, initdb 300 to 450 ms) and belongs on a worker thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "branches/child_process.hpp"
#include "branches/postgres_account.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {

/// Where PostgreSQL's server programs are.
struct Binaries {
    std::filesystem::path directory;

    std::filesystem::path program(std::string_view name) const { return directory / name; }

    /// `configured` if there is one; else the newest version below `versions`, `pg_config --bindir`, PATH. Throws SetupError.
    static Binaries find(const std::optional<std::filesystem::path>& configured, const std::filesystem::path& versions = "/usr/lib/postgresql");
};

/// How one cluster runs. Given on the server's command line, which wins over the files in the data directory: a copied cluster
/// needs no edits, and no ALTER SYSTEM in it can turn durability off.
struct ClusterSettings {
    std::filesystem::path data;  // its parent belongs to the cluster too: postgres.log is there
    std::filesystem::path socket_directory;
    std::uint16_t port;
    bool accept_tcp = false;  // on 127.0.0.1; the socket is always there
    std::string name = "argonauth";
    int shared_buffers_mb = 16;
    int max_connections = 50;
    std::vector<std::pair<std::string, std::string>> more = {};  // further parameters of postgresql.conf

    std::filesystem::path log() const { return data.parent_path() / "postgres.log"; }
};

/// The superuser of every cluster, and the owner of schema neon_auth. Both come in over the socket only.
inline constexpr std::string_view superuser = "argonauth";
inline constexpr std::string_view auth_role = "neon_auth";

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

/// pg_hba.conf: whom the server lets in, and how.
std::string access_rules();
/// pg_ident.conf: we and PostgreSQL's account may be either of the two roles on the socket.
std::string identity_map(const Account& account);
/// What the end of a failed server's log means and what to do, then the log's last lines.
std::string explain_failure(std::string_view log, const ClusterSettings& settings);

/// `preferred` if nobody listens there on 127.0.0.1, else any free port. Another program can still take it before the server does.
std::uint16_t pick_free_port(std::uint16_t preferred);
}  // namespace argon::branches
