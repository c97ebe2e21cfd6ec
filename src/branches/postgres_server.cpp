#include "branches/postgres_server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <ranges>
#include <span>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "branches/data_directory.hpp"
#include "branches/self_signed_certificate.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t space_of_new_cluster = 64ULL << 20;
constexpr std::uintmax_t largest_log = 10ULL << 20;

// ---- finding the programs

/// The number a text begins with: a version's directory, or the process id in a lock file, which is negative for a single-user server.
int first_number(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::abs(number);
}

bool has_server(const fs::path& directory) {
    const auto usable = [&](const char* name) { return ::access((directory / name).c_str(), X_OK) == 0; };
    return usable("postgres") && usable("initdb");
}

std::optional<fs::path> newest_version(const fs::path& versions) {
    std::optional<std::pair<int, fs::path>> newest;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{versions, failed}) {
        const int version = first_number(entry.path().filename().string());
        if (has_server(entry.path() / "bin") && (!newest || version > newest->first)) newest = {version, entry.path() / "bin"};
    }
    if (!newest) return std::nullopt;
    return newest->second;
}

std::optional<fs::path> find_in_path(const char* program) {
    const char* path = std::getenv("PATH");
    for (const auto part : std::views::split(std::string_view{path == nullptr ? "" : path}, ':')) {
        fs::path directory{std::string_view{part}};
        if (directory.is_absolute() && ::access((directory / program).c_str(), X_OK) == 0) return directory;
    }
    return std::nullopt;
}

std::optional<fs::path> ask_pg_config() {
    const auto directory = find_in_path("pg_config");
    if (!directory) return std::nullopt;
    auto answer = run({.program = *directory / "pg_config", .arguments = {"--bindir"}}, 5s);
    if (!answer.success()) return std::nullopt;
    return fs::path{answer.output.substr(0, answer.output.find('\n'))};
}

// ---- what the server is told

std::vector<std::string> server_arguments(const ClusterSettings& settings) {
    std::vector<std::string> arguments{"-D", settings.data.string()};
    const auto set = [&](std::string_view name, std::string_view value) {
        arguments.emplace_back("-c");
        arguments.push_back(fmt::format("{}={}", name, value));
    };
    set("cluster_name", settings.name);
    set("unix_socket_directories", fmt::format("\"{}\"", settings.socket_directory.string()));  // a list: quoted for commas
    set("unix_socket_permissions", "0700");
    set("port", std::to_string(settings.port));
    set("listen_addresses", settings.accept_tcp ? "127.0.0.1" : "");
    set("ssl", settings.accept_tcp ? "on" : "off");
    set("password_encryption", "scram-sha-256");
    // Nothing acknowledged is ever lost.
    for (const auto* name : {"fsync", "full_page_writes", "synchronous_commit"}) set(name, "on");
    // Recovery begins with a sync of everything: one call instead of one for each of 1,300 files.
    set("recovery_init_sync_method", "syncfs");
    // Small, since many clusters share a machine, but each can be the parent of several branches at once (base backup: two senders).
    set("shared_buffers", fmt::format("{}MB", settings.shared_buffers_mb));
    set("max_connections", std::to_string(settings.max_connections));
    set("huge_pages", "off");
    set("wal_level", "replica");
    set("max_wal_senders", "10");
    set("max_replication_slots", "10");
    // A copy begins to stream the log a moment after its start; checkpoints of other copies must not remove that part meanwhile.
    set("wal_keep_size", "64MB");
    set("min_wal_size", "32MB");
    set("max_wal_size", "256MB");
    set("max_worker_processes", "4");
    set("max_parallel_workers", "2");
    set("max_logical_replication_workers", "0");
    set("jit", "off");
    set("autovacuum", "on");
    set("track_activities", "on");
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    set("lc_messages", "C");  // explain_failure reads English
    set("logging_collector", "off");
    set("log_destination", "stderr");
    set("log_checkpoints", "off");
    set("log_min_messages", "warning");
    set("log_min_error_statement", "panic");  // a failed statement may hold a password
    for (const auto& [name, value] : settings.more) set(name, value);
    return arguments;
}

// ---- reading a failure

std::string_view last_lines(std::string_view text, int count) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    auto start = text.size();
    for (; count > 0 && start != std::string_view::npos && start > 0; --count) start = text.rfind('\n', start - 1);
    return start == std::string_view::npos || start == 0 ? text : text.substr(start + 1);
}

std::string_view word_after(std::string_view text, std::string_view phrase) {
    const auto found = text.find(phrase);
    if (found == std::string_view::npos) return "?";
    text.remove_prefix(found + phrase.size());
    return text.substr(0, text.find_first_of(" ,.\n"));
}

/// One or two sentences for the failures that operators meet; empty for the others. Special cases first.
std::string meaning(std::string_view log, const ClusterSettings& settings) {
    const auto says = [&](std::string_view text) { return log.contains(text); };
    const auto home = settings.data.parent_path().string();
    if (says("could not create semaphores") || says("could not map anonymous shared memory") || says("could not resize shared memory") ||
        says("could not create shared memory") || says("Cannot allocate memory")) {
        return "PostgreSQL did not get the memory it needs. Free memory, or raise the limits of this container (memory, /dev/shm, semaphores).";
    }
    if (says("No space left on device") || says("Disk quota exceeded")) {
        return fmt::format("The disk that holds {} is full. Free some space and start again; no committed data is lost.", home);
    }
    if (says("database files are incompatible with server") && says("initialized by PostgreSQL version")) {
        const auto theirs = word_after(log, "initialized by PostgreSQL version ");
        return fmt::format(
            "{} was made by PostgreSQL {}, which is not the version that was started. Name that version's directory with --pg-bin "
            "(/usr/lib/postgresql/{}/bin on Debian).",
            settings.data.string(), theirs, theirs);
    }
    if (says("Address already in use")) {
        return fmt::format("Another program listens on 127.0.0.1:{}, the port of this database. Stop it, or choose another port.", settings.port);
    }
    if (says("pre-existing shared memory block")) {
        return fmt::format("Another PostgreSQL process still works on {}. Stop it and start again.", settings.data.string());
    }
    if (says("invalid permissions") || says("wrong ownership") || says("Permission denied")) {
        return fmt::format("The permissions of {} do not let PostgreSQL use it: it must belong to PostgreSQL's user, with mode 0700.", home);
    }
    if (says("Read-only file system")) return fmt::format("{} is on a read-only file system.", home);
    return {};
}

/// A failure of our own file operations has the same causes as one of PostgreSQL's.
void explained(const ClusterSettings& settings, const auto& action) try { action(); } catch (const fs::filesystem_error& error) {
    const auto known = meaning(error.what(), settings);
    throw SetupError(known.empty() ? error.what() : fmt::format("{} ({})", known, error.what()));
}

// ---- making a cluster

bool system_has_locale(const char* name) {
    const auto locale = ::newlocale(LC_ALL_MASK, name, nullptr);
    if (locale != nullptr) ::freelocale(locale);
    return locale != nullptr;
}

void run_initdb(const Binaries& binaries, const Account& account, const ClusterSettings& settings, const fs::path& target) {
    // Collation by code point either way; C.UTF-8 classifies letters beyond ASCII as well.
    const std::string locale = system_has_locale("C.UTF-8") ? "C.UTF-8" : "C";
    // No write-ahead log of 16 MB for a database of 20: segments of 4 MB make a new cluster, and every copy, 8 MB smaller.
    // Checksums cost nothing measurable here and keep a damaged page from being served. -N: one syncfs follows instead.
    const Command initdb{.program = binaries.program("initdb"),
                         .arguments = {"-D", target.string(), "-U", std::string{superuser}, "--auth=reject", "-E", "UTF8", "--locale=" + locale,
                                       "--wal-segsize=4", "--data-checksums", "--no-instructions", "-N"},
                         .account = account};
    const auto outcome = run(initdb, 2min);
    if (outcome.timed_out) throw SetupError("PostgreSQL's initdb did not finish within two minutes. Is the disk very slow or stuck?");
    if (outcome.success()) return;
    const auto known = meaning(outcome.output, settings);
    throw SetupError(
        fmt::format("{} PostgreSQL's initdb said:\n{}", known.empty() ? "A new database could not be made." : known, last_lines(outcome.output, 6)));
}

void sync_file_system(const fs::path& path) {
    const FileDescriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory && ::syncfs(directory.get()) == 0) return;
    throw SetupError(fmt::format("Cannot write {} to the disk: {}.", path.string(), std::generic_category().message(errno)));
}

void write_certificate(const fs::path& data) {
    const auto certificate = make_self_signed_certificate();
    write_file_durably(data / "server.key", certificate.private_key_pem.reveal(), 0600);
    write_file_durably(data / "server.crt", certificate.certificate_pem, 0600);
}

/// Under another name until it is complete, so a crash leaves no half of a cluster.
void make_cluster(const Binaries& binaries, const Account& account, const ClusterSettings& settings) {
    const fs::path unfinished = settings.data.string() + ".new";
    {
        const FilesAs identity{account};
        fs::remove_all(unfinished);
    }
    run_initdb(binaries, account, settings, unfinished);

    const FilesAs identity{account};
    write_file_durably(unfinished / "pg_hba.conf", access_rules(), 0600);
    write_file_durably(unfinished / "pg_ident.conf", identity_map(account), 0600);
    write_certificate(unfinished);
    sync_file_system(unfinished);
    fs::rename(unfinished, settings.data);
    sync_file_system(settings.data.parent_path());
}

void write_if_different(const fs::path& path, const std::string& content) {
    if (read_file_tail(path) != content) write_file_durably(path, content, 0600);
}

// ---- what an earlier run left

std::string_view line(std::string_view text, int number) {
    for (; number > 1; --number) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

void end_process(const ForeignProcess& process, std::span<const std::pair<int, milliseconds>> steps) {
    for (const auto& [signal, patience] : steps) {
        if (signal != 0) process.kill(signal);
        if (process.ended_within(patience)) return;
    }
}

/// A server on our data directory that is not our child belonged to an argonauth that was killed.
void end_orphan(pid_t pid, const Account& account, const fs::path& data) {
    const auto process = ForeignProcess::find(pid);
    const bool serves = process && [&] {
        const FilesAs identity{account};
        return process->serves(data);
    }();
    if (!serves) return;
    log::warn("stopping a PostgreSQL that outlived the argonauth that started it", {{"pid", pid}});
    constexpr std::pair<int, milliseconds> steps[] = {{SIGINT, 15s}, {SIGQUIT, 5s}, {SIGKILL, 5s}};
    end_process(*process, steps);
}

/// Backends whose postmaster was killed notice and leave, but a busy one takes its time and would make the start fail.
void end_stray_backends(const Account& account, const fs::path& data) {
    const auto strays = [&] {
        const FilesAs identity{account};
        return ForeignProcess::serving(data);
    }();
    constexpr std::pair<int, milliseconds> steps[] = {{0, 1s}, {SIGQUIT, 2s}, {SIGKILL, 5s}};
    for (const auto& process : strays) end_process(process, steps);
}

/// The socket's lock file names its server. One that is gone, or whose number went to another program, must not stop us.
void clear_socket_lock(const ClusterSettings& settings) {
    const auto path = settings.socket_directory / fmt::format(".s.PGSQL.{}.lock", settings.port);
    const auto content = read_file_tail(path);
    const auto holder = ForeignProcess::find(first_number(content));
    const fs::path data{line(content, 2)};
    if (holder && data != settings.data && holder->serves(data)) {
        throw SetupError(fmt::format("Port {} in {} is taken by the PostgreSQL server of {} (process {}).", settings.port,
                                     settings.socket_directory.string(), data.string(), holder->pid()));
    }
    ::unlink(path.c_str());
}

void rotate(const fs::path& log) {
    std::error_code failed;
    if (fs::file_size(log, failed) > largest_log && !failed) fs::rename(log, log.string() + ".1", failed);
}
}  // namespace

Binaries Binaries::find(const std::optional<fs::path>& configured, const fs::path& versions) {
    if (configured) {
        if (has_server(*configured)) return {fs::absolute(*configured)};
        throw SetupError(
            fmt::format("PostgreSQL's server is not in {}: the programs postgres and initdb are missing there. "
                        "Name its bin directory with --pg-bin / ARGONAUTH_PG_BIN, or leave the setting out.",
                        configured->string()));
    }
    if (auto directory = newest_version(versions)) return {*directory};
    if (auto directory = ask_pg_config(); directory && has_server(*directory)) return {*directory};
    if (auto directory = find_in_path("postgres"); directory && has_server(*directory)) return {*directory};
    throw SetupError(
        "PostgreSQL's server is not installed. Install the package postgresql-15, or name its bin directory with --pg-bin / ARGONAUTH_PG_BIN.");
}

std::string access_rules() {
    // First match wins. Whoever may alter roles could give these two a password, so it must not help over TCP.
    return fmt::format(
        "local  all          {0},{1}           peer map=argonauth\n"
        "local  replication  {0}               peer map=argonauth\n"
        "host   all          {0},{1}  all      reject\n"
        "host   all          all  127.0.0.1/32  scram-sha-256\n"
        "host   all          all  ::1/128       scram-sha-256\n"
        "local  all          all               reject\n"
        "host   all          all  all           reject\n",
        superuser, auth_role);
}

std::string identity_map(const Account& account) {
    const auto ours = current_account();
    std::string map;
    for (const auto& role : {superuser, auth_role}) {
        map += fmt::format("argonauth \"{}\" {}\n", account.name, role);
        if (ours.name != account.name) map += fmt::format("argonauth \"{}\" {}\n", ours.name, role);
    }
    return map;
}

std::string explain_failure(std::string_view log, const ClusterSettings& settings) {
    const auto known = meaning(log, settings);
    if (known.empty()) return fmt::format("PostgreSQL did not start. Its log, {}, ends with:\n{}", settings.log().string(), last_lines(log, 6));
    return fmt::format("{} PostgreSQL said:\n{}", known, last_lines(log, 3));
}

PostgresServer::PostgresServer(Binaries binaries, Account account, ClusterSettings settings)
    : binaries_(std::move(binaries)), account_(std::move(account)), settings_(std::move(settings)) {}

PostgresServer::~PostgresServer() {
    try {
        stop();
    } catch (const std::exception& error) {
        log::error("PostgreSQL could not be stopped", {{"reason", error.what()}});
    }
}

bool PostgresServer::is_initialized(const ClusterSettings& settings) {
    std::error_code failed;
    return fs::exists(settings.data / "PG_VERSION", failed);
}

void PostgresServer::initialize(const Binaries& binaries, const Account& account, const ClusterSettings& settings) {
    const auto home = settings.data.parent_path();
    require_free_space(home, space_of_new_cluster);
    make_private_directory(home, account);
    explained(settings, [&] { make_cluster(binaries, account, settings); });
}

void PostgresServer::require_usable_data() const {
    struct stat info{};
    if (::stat((settings_.data / "PG_VERSION").c_str(), &info) != 0) {
        throw SetupError(fmt::format("{} holds no PostgreSQL cluster. Restore it from a backup, or name another directory with --data-dir.",
                                     settings_.data.string()));
    }
    if (info.st_uid == account_.uid) return;
    throw SetupError(fmt::format("{} belongs to the user id {}, but PostgreSQL runs as {}. Use the user it was made with (--pg-user).",
                                 settings_.data.string(), info.st_uid, account_.name));
}

void PostgresServer::clear_leftovers() const {
    const auto path = settings_.data / "postmaster.pid";
    const auto read = [&] {
        const FilesAs identity{account_};
        return read_file_tail(path);
    };
    if (const auto content = read(); !content.empty() || fs::exists(path)) {
        end_orphan(first_number(content), account_, settings_.data);
        end_stray_backends(account_, settings_.data);
    }
    const FilesAs identity{account_};
    // PostgreSQL removes the file of a process that is gone, but believes one whose number another program got meanwhile.
    ::unlink(path.c_str());
    clear_socket_lock(settings_);
}

/// A cluster copied from another machine, or made by an older version of us, gets today's rules.
void PostgresServer::write_own_files() const {
    const FilesAs identity{account_};
    write_if_different(settings_.data / "pg_hba.conf", access_rules());
    write_if_different(settings_.data / "pg_ident.conf", identity_map(account_));
    if (!fs::exists(settings_.data / "server.crt") || !fs::exists(settings_.data / "server.key")) write_certificate(settings_.data);
}

void PostgresServer::start(milliseconds patience) {
    if (is_running()) return;
    require_usable_data();
    explained(settings_, [&] {
        clear_leftovers();
        write_own_files();
        launch(patience);
    });
}

void PostgresServer::launch(milliseconds patience) {
    const auto log_size = [&] {
        const FilesAs identity{account_};
        rotate(settings_.log());
        std::error_code missing;
        const auto size = fs::file_size(settings_.log(), missing);
        return missing ? std::uintmax_t{0} : size;
    }();
    child_.emplace(Child::spawn(
        {.program = binaries_.program("postgres"), .arguments = server_arguments(settings_), .account = account_, .death_signal = SIGINT},
        settings_.log()));
    wait_until_ready(patience, log_size);
}

void PostgresServer::wait_until_ready(milliseconds patience, std::size_t log_start) {
    const auto begin = Steady::now();
    const FilesAs identity{account_};
    for (;;) {
        const auto waited = Steady::now() - begin;
        const auto ended = child_->wait(waited < 100ms ? 1ms : 2ms);
        if (ended) {
            child_.reset();
            const auto size = fs::file_size(settings_.log());
            const auto log = read_file_tail(settings_.log(), std::min<std::size_t>(size - log_start, std::size_t{64} * 1024));
            if (log.empty()) require_free_space(settings_.data, 1 << 20);  // a full disk takes no last words either
            throw SetupError(explain_failure(log, settings_));
        }
        const auto state = read_file_tail(settings_.data / "postmaster.pid");
        if (first_number(state) == child_->pid() && line(state, 8).starts_with("ready")) return;
        if (waited > patience) break;
    }
    stop(StopMode::immediate);
    throw SetupError(fmt::format("PostgreSQL was not ready after {} seconds. Its log is {}.", patience.count() / 1000, settings_.log().string()));
}

void PostgresServer::stop(StopMode mode, milliseconds patience) {
    if (!is_running()) return;
    constexpr int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGKILL};
    for (const int signal : std::span{signals}.subspan(static_cast<std::size_t>(mode))) {
        child_->kill(signal);
        if (child_->wait(signal == SIGQUIT ? std::min<milliseconds>(patience, 6s) : patience)) break;
        log::warn("PostgreSQL does not stop", {{"pid", child_->pid()}, {"signal", signal}});
    }
    child_.reset();
}

bool PostgresServer::is_running() {
    if (child_ && child_->wait(0ms)) child_.reset();
    return child_.has_value();
}

std::uint16_t pick_free_port(std::uint16_t preferred) {
    for (const std::uint16_t wanted : {preferred, std::uint16_t{0}}) {
        const FileDescriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const int on = 1;  // as PostgreSQL does, so that connections of a former server in TIME_WAIT do not count
        ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(wanted), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener.get(), generic, size) != 0 || ::getsockname(listener.get(), generic, &size) != 0) continue;
        return ntohs(address.sin_port);
    }
    throw SetupError("No TCP port on 127.0.0.1 is free.");
}
}  // namespace argon::branches
