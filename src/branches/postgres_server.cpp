#include "branches/postgres_server.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "branches/data_directory.hpp"
#include "branches/postgres_failure.hpp"
#include "branches/self_signed_certificate.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t space_of_new_cluster = 64ULL << 20;
constexpr std::uintmax_t largest_log = 10ULL << 20;

/// A failure of our own file operations has the same causes as one of PostgreSQL's.
void explained(const ClusterSettings& settings, const auto& action) try { action(); } catch (const fs::filesystem_error& error) {
    const auto known = explain_cause(error.what(), settings);
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
    const auto known = explain_cause(outcome.output, settings);
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

/// The process id in a lock file, which is negative for a single-user server.
int first_number(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::abs(number);
}

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
}  // namespace argon::branches
