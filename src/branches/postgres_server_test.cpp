#include "branches/postgres_server.hpp"

#include <fstream>
#include <memory>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "branches/data_directory.hpp"
#include "branches/free_port.hpp"
#include "branches/postgres_failure.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// One cluster for all tests of this file: initdb is the slow part.
class TestCluster {
public:
    /// Null where PostgreSQL is not installed.
    static TestCluster* find() {
        static const auto cluster = []() -> std::unique_ptr<TestCluster> {
            try {
                return std::make_unique<TestCluster>(Binaries::find({}), choose_postgres_account());
            } catch (const SetupError& error) {
                MESSAGE("skipped: " << error.what());
                return nullptr;
            }
        }();
        return cluster.get();
    }

    TestCluster(Binaries found, Account chosen)
        : binaries(std::move(found)),
          account(std::move(chosen)),
          directory(DataDirectory::make_ephemeral(account)),
          settings(make_settings(directory)) {
        leave_interrupted_attempt();
        PostgresServer::initialize(binaries, account, settings);
    }

    PostgresServer server() const { return {binaries, account, settings}; }

    /// Output of one statement; `connection` overrides the superuser's socket connection.
    std::string query(const std::string& sql, std::string connection = {}) const {
        if (connection.empty()) connection = fmt::format("host={} user=argonauth", directory.socket_directory().string());
        const auto target = fmt::format("{} port={} dbname=postgres connect_timeout=5", connection, settings.port);
        auto output = run({.program = binaries.program("psql"), .arguments = {"-XAtq", "-d", target, "-c", sql}}, 10s).output;
        if (output.ends_with('\n')) output.pop_back();
        return output;
    }

    Binaries binaries;
    Account account;
    DataDirectory directory;
    ClusterSettings settings;

private:
    void leave_interrupted_attempt() const {
        make_private_directory(settings.data.parent_path(), account);
        const FilesAs identity{account};
        fs::create_directories(settings.data.string() + ".new/base/1");
    }

    static ClusterSettings make_settings(const DataDirectory& directory) {
        return {
            .data = directory.control_cluster(), .socket_directory = directory.socket_directory(), .port = pick_free_port(0), .accept_tcp = true};
    }
};

void write_as(const Account& account, const fs::path& path, std::string_view content) {
    const FilesAs identity{account};
    write_file_durably(path, content, 0600);
}

/// Runs `action` in a process of its own that is killed after it, as kill -9 of the whole program would.
void in_killed_process(const auto& action) {
    const pid_t process = ::fork();
    if (process == 0) {
        action();
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    REQUIRE(WIFSIGNALED(status));
}
}  // namespace

TEST_CASE("postgres: a new cluster is private, has our rules and no trace of the attempt") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto& data = cluster->settings.data;
    CHECK(PostgresServer::is_initialized(cluster->settings));
    CHECK_FALSE(fs::exists(data.string() + ".new"));
    for (const auto& path : {data, data.parent_path(), data / "server.key"}) {
        struct stat info{};
        REQUIRE(::stat(path.c_str(), &info) == 0);
        CHECK(info.st_uid == cluster->account.uid);
        CHECK((info.st_mode & 077) == 0);
    }
    CHECK(read_file_tail(data / "pg_hba.conf") == access_rules());
}

TEST_CASE("postgres: starts, answers on the socket, stops, starts again") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    auto server = cluster->server();
    CHECK_FALSE(server.is_running());
    for (int round = 0; round < 2; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        server.start();
        MESSAGE("ready after " << std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count() << " ms");
        CHECK(server.is_running());
        CHECK(cluster->query("SELECT current_user") == "argonauth");
        server.stop();
        CHECK_FALSE(server.is_running());
        CHECK_FALSE(fs::exists(cluster->settings.data / "postmaster.pid"));
    }
}

TEST_CASE("postgres: durability cannot be turned off from inside") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto file = cluster->settings.data / "postgresql.auto.conf";
    write_as(cluster->account, file, "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nport = 1\n");
    auto server = cluster->server();
    server.start();
    CHECK(cluster->query("SELECT string_agg(setting, ' ') FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')") ==
          "on on on");
    CHECK(
        cluster->query("SELECT concat_ws(' ', current_setting('data_checksums'), current_setting('server_encoding'), current_setting('TimeZone'))") ==
        "on UTF8 UTC");
    write_as(cluster->account, file, "");
}

TEST_CASE("postgres: over TCP only passwords count, with TLS and channel binding, and never for our own roles") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    auto server = cluster->server();
    server.start();
    cluster->query("CREATE ROLE neondb_owner LOGIN PASSWORD 'pw'; CREATE ROLE neon_auth LOGIN PASSWORD 'pw'; ALTER ROLE argonauth PASSWORD 'pw'");
    const auto socket = fmt::format("host={}", cluster->directory.socket_directory().string());
    const auto tls = std::string{"SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"};

    CHECK(cluster->query(tls, "host=127.0.0.1 user=neondb_owner password=pw sslmode=require channel_binding=require") == "t");
    CHECK(cluster->query(tls, "host=127.0.0.1 user=neondb_owner password=pw sslmode=disable") == "f");
    CHECK(cluster->query(tls, "host=127.0.0.1 user=neondb_owner password=no").contains("password authentication failed"));
    CHECK(cluster->query(tls, "host=127.0.0.1 user=argonauth password=pw").contains("rejects connection"));
    CHECK(cluster->query(tls, "host=127.0.0.1 user=neon_auth password=pw").contains("rejects connection"));
    CHECK(cluster->query("SELECT current_user", socket + " user=neon_auth") == "neon_auth");
    CHECK(cluster->query("SELECT 1", socket + " user=neondb_owner password=pw").contains("rejects connection"));

    // The name in the certificate, which a client can be told to trust.
    const fs::path trusted = fmt::format("/tmp/argonauth-test-{}.crt", ::getpid());
    write_file_durably(trusted, read_file_tail(cluster->settings.data / "server.crt"), 0600);
    const auto verified = fmt::format("hostaddr=127.0.0.1 user=neondb_owner password=pw sslmode=verify-full sslrootcert={}", trusted.string());
    for (const auto* host : {"localhost", "ep-quiet-sun-1.localhost", "127.0.0.1"})
        CHECK(cluster->query(tls, fmt::format("{} host={}", verified, host)) == "t");
    CHECK(cluster->query(tls, verified + " host=example.com").contains("does not match host name"));
    fs::remove(trusted);
    cluster->query("DROP ROLE neondb_owner; DROP ROLE neon_auth");
}

TEST_CASE("postgres: a killed postmaster with a busy backend is followed by recovery, and committed rows are there") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    auto server = cluster->server();
    server.start();
    cluster->query("CREATE TABLE kept AS SELECT 42 AS n");
    const auto busy = Child::spawn({.program = cluster->binaries.program("psql"),
                                    .arguments = {"-Xq", "-d",
                                                  fmt::format("host={} port={} user=argonauth dbname=postgres",
                                                              cluster->directory.socket_directory().string(), cluster->settings.port),
                                                  "-c", "SELECT pg_sleep(60)"}},
                                   "/dev/null");
    while (cluster->query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)'") == "0") {
    }
    ::kill(server.pid(), SIGKILL);
    while (server.is_running()) {
    }
    server.start();
    CHECK(cluster->query("TABLE kept") == "42");
    cluster->query("DROP TABLE kept");
}

TEST_CASE("postgres: it goes when its owner is killed, and the next start works") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    in_killed_process([&] {
        auto owned = std::make_unique<PostgresServer>(cluster->server());
        owned->start();
        cluster->query("CREATE TABLE acknowledged AS SELECT 1 AS n");
        owned.release();
    });
    auto server = cluster->server();
    server.start();
    CHECK(cluster->query("TABLE acknowledged") == "1");
    cluster->query("DROP TABLE acknowledged");
}

TEST_CASE("postgres: a server that outlived its owner is stopped first") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto& settings = cluster->settings;
    in_killed_process([&] {
        static auto orphan = Child::spawn(
            {.program = cluster->binaries.program("postgres"),
             .arguments = {"-D", settings.data.string(), "-k", settings.socket_directory.string(), "-p", std::to_string(settings.port), "-h", ""},
             .account = cluster->account,
             .death_signal = 0},
            settings.log());
        while (cluster->query("SELECT 1") != "1") {
        }
    });
    REQUIRE(cluster->query("SELECT 1") == "1");
    auto server = cluster->server();
    server.start();
    CHECK(cluster->query("SHOW cluster_name") == "argonauth");
}

TEST_CASE("postgres: lock files whose process number belongs to another program do not matter") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto& settings = cluster->settings;
    const auto bystander = Child::spawn({.program = "/bin/sleep", .arguments = {"60"}, .account = cluster->account}, "/dev/null");
    const auto stale =
        fmt::format("{}\n{}\n1\n{}\n{}\n\n\nready\n", bystander.pid(), settings.data.string(), settings.port, settings.socket_directory.string());
    write_as(cluster->account, settings.data / "postmaster.pid", stale);
    write_as(cluster->account, settings.socket_directory / fmt::format(".s.PGSQL.{}.lock", settings.port), stale);
    auto server = cluster->server();
    server.start();
    CHECK(server.pid() != bystander.pid());
    CHECK(ForeignProcess::find(bystander.pid())->ended_within(0ms) == false);
    server.stop();

    write_as(cluster->account, settings.data / "postmaster.pid", "");
    CHECK_NOTHROW(server.start());
}

TEST_CASE("postgres: failures are explained") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto& data = cluster->settings.data;

    SUBCASE("port in use") {
        const FileDescriptor listener{::socket(AF_INET, SOCK_STREAM, 0)};
        const int on = 1;
        ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(cluster->settings.port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
        REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener.get(), 1) == 0);
        CHECK(pick_free_port(cluster->settings.port) != cluster->settings.port);
        CHECK_THROWS_WITH_AS(cluster->server().start(), doctest::Contains("Another program listens on"), SetupError);
    }
    SUBCASE("another major version") {
        write_as(cluster->account, data / "PG_VERSION", "9.6\n");
        CHECK_THROWS_WITH_AS(cluster->server().start(), doctest::Contains("--pg-bin"), SetupError);
        write_as(cluster->account, data / "PG_VERSION", read_file_tail(data / "base/1/PG_VERSION"));
    }
    SUBCASE("open data directory") {
        ::chmod(data.c_str(), 0755);
        CHECK_THROWS_WITH_AS(cluster->server().start(), doctest::Contains("permissions"), SetupError);
        ::chmod(data.c_str(), 0700);
    }
    SUBCASE("no cluster") {
        auto settings = cluster->settings;
        settings.data = "/nowhere/data";
        PostgresServer server{cluster->binaries, cluster->account, settings};
        CHECK_THROWS_WITH_AS(server.start(), doctest::Contains("/nowhere/data holds no PostgreSQL cluster"), SetupError);
    }
    SUBCASE("unknown parameter") {
        auto settings = cluster->settings;
        settings.more = {{"no_such_parameter", "1"}};
        PostgresServer server{cluster->binaries, cluster->account, settings};
        CHECK_THROWS_WITH_AS(server.start(), doctest::Contains("unrecognized configuration parameter"), SetupError);
        CHECK_FALSE(server.is_running());
    }
}

TEST_CASE("postgres: a full disk is explained and leaves no half of a cluster") {
    auto* cluster = TestCluster::find();
    if (cluster == nullptr) return;
    const auto disk = cluster->directory.root() / "small";
    fs::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=66m,mode=0711") != 0) {
        MESSAGE("skipped: a small disk needs the right to mount");
        return;
    }
    auto settings = cluster->settings;
    settings.data = disk / "home/data";
    const auto fill = [&](std::size_t mebibytes) {
        std::ofstream file{disk / "filler"};
        for (const std::string block(1 << 20, 'x'); mebibytes > 0; --mebibytes) file << block;
    };
    CHECK_NOTHROW(PostgresServer::initialize(cluster->binaries, cluster->account, settings));
    fill(64);
    PostgresServer server{cluster->binaries, cluster->account, settings};
    CHECK_THROWS_WITH_AS(server.start(), doctest::Contains("The disk that holds"), SetupError);
    fs::remove(disk / "filler");
    CHECK_NOTHROW(server.start());
    server.stop();
    CHECK_THROWS_WITH_AS(PostgresServer::initialize(cluster->binaries, cluster->account, settings), doctest::Contains("64 MiB are needed"),
                         SetupError);
    CHECK(::umount(disk.c_str()) == 0);
}

TEST_CASE("postgres: messages of a failed server are understood") {
    struct Case {
        const char* log;
        const char* expected;
    };
    const ClusterSettings settings{.data = "/d/control/data", .socket_directory = "/d/run", .port = 5432};
    for (const auto& [log, expected] : {
             Case{"FATAL:  could not write lock file \"postmaster.pid\": No space left on device\n", "The disk that holds /d/control is full."},
             Case{"FATAL:  could not create semaphores: No space left on device\n", "did not get the memory"},
             Case{"FATAL:  could not map anonymous shared memory: Cannot allocate memory\n", "did not get the memory"},
             Case{"FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 14, which "
                  "...\n",
                  "/usr/lib/postgresql/14/bin"},
             Case{"LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use\n", "127.0.0.1:5432"},
             Case{"FATAL:  data directory \"/d/control/data\" has wrong ownership\n", "permissions of /d/control"},
             Case{"FATAL:  something else\n", "/d/control/postgres.log, ends with:\nFATAL:  something else"},
         }) {
        CHECK_MESSAGE(explain_failure(log, settings).contains(expected), explain_failure(log, settings));
    }
}

TEST_CASE("postgres: missing programs are named with the remedy") {
    const auto empty = fs::path{"/tmp"} / fmt::format("argonauth-test-empty-{}", ::getpid());
    fs::create_directory(empty);
    CHECK_THROWS_WITH_AS(Binaries::find(empty), doctest::Contains("--pg-bin / ARGONAUTH_PG_BIN"), SetupError);
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", empty.c_str(), 1);
    CHECK_THROWS_WITH_AS(Binaries::find({}, empty), doctest::Contains("Install the package postgresql-15"), SetupError);
    ::setenv("PATH", path.c_str(), 1);
    fs::remove(empty);
}
}  // namespace argon::branches
