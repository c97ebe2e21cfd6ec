#include "branches/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {
using std::chrono::milliseconds;

constexpr std::size_t captured_at_most = 65536;

/// Where a child failed before it became the program; with errno, this travels back to the parent through a pipe.
enum class Stage : int { account, privileges_kept, output, orphaned, execute };
struct Failure {
    Stage stage;
    int code;
};

/// Everything the child needs, computed before the fork: after it, no allocation and no lock is allowed.
struct Plan {
    const char* program;
    char* const* arguments;
    char* const* environment;
    const Account* account;  // null: stay who we are
    const char* log;         // null: write to `output`
    int output;
    int death_signal;
    pid_t parent;
    int report;
};

[[noreturn]] void fail(const Plan& plan, Stage stage, int code) {
    const Failure failure{stage, code};
    [[maybe_unused]] const auto written = ::write(plan.report, &failure, sizeof failure);
    ::_exit(127);
}

/// The parent blocked all signals before the fork, so none of its handlers ever runs in the child.
void forget_signal_handlers() {
    // The kernel's own structure, all zero: SIG_DFL. glibc's function refuses the signals it uses itself (32 and 33), which some
    // launchers leave ignored.
    const std::array<unsigned long, 4> standard{};
    for (int signal = 1; signal < NSIG; ++signal) ::syscall(SYS_rt_sigaction, signal, standard.data(), nullptr, sizeof(unsigned long));
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// System calls instead of glibc's functions: those take locks to tell other threads, of which a forked child has none.
void drop_privileges(const Plan& plan) {
    const auto& [uid, gid, name, groups] = *plan.account;
    if (::syscall(SYS_setgroups, groups.size(), groups.data()) != 0 || ::syscall(SYS_setresgid, gid, gid, gid) != 0 ||
        ::syscall(SYS_setresuid, uid, uid, uid) != 0) {
        fail(plan, Stage::account, errno);
    }
    if (::syscall(SYS_setresuid, 0, 0, 0) == 0 || ::geteuid() == 0) fail(plan, Stage::privileges_kept, EPERM);
    // Nor through a set-user-id program later.
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(plan, Stage::account, errno);
}

void connect_output(const Plan& plan) {
    const int input = ::open("/dev/null", O_RDONLY);
    const int output = plan.log == nullptr ? plan.output : ::open(plan.log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (input < 0 || output < 0) fail(plan, Stage::output, errno);
    if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0) {
        fail(plan, Stage::output, errno);
    }
}

void close_rest_on_exec() {
    if (::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const auto end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 65536));
    for (int fd = 3; fd < end; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void become(const Plan& plan) {
    forget_signal_handlers();
    ::setsid();
    ::umask(0077);
    if (plan.account != nullptr) drop_privileges(plan);
    // Our own directory may be closed to the account; PostgreSQL's programs insist on being able to come back to where they started.
    if (::chdir("/") != 0) fail(plan, Stage::account, errno);
    connect_output(plan);
    // A change of the user id clears it, hence not earlier. A parent that died before this line cannot signal any more.
    if (plan.death_signal != 0) ::prctl(PR_SET_PDEATHSIG, plan.death_signal, 0, 0, 0);
    if (plan.death_signal != 0 && ::getppid() != plan.parent) fail(plan, Stage::orphaned, ESRCH);
    close_rest_on_exec();

    ::execve(plan.program, plan.arguments, plan.environment);
    fail(plan, Stage::execute, errno);
}

/// Both ends above standard error: a parent that runs with 0-2 closed would otherwise lose them to dup2.
std::array<FileDescriptor, 2> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    std::array<FileDescriptor, 2> pipe{FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
    for (auto& end : pipe) {
        if (end.get() < 3) end = FileDescriptor{::fcntl(end.get(), F_DUPFD_CLOEXEC, 3)};
    }
    return pipe;
}

std::string explain(const Failure& failure, const Command& command) {
    const auto program = command.program.string();
    const auto reason = std::generic_category().message(failure.code);
    const std::string name = command.account ? command.account->name : "ourselves";
    switch (failure.stage) {
        case Stage::account:
            return fmt::format("Cannot run {} as {}: {}. Root without the right to change users cannot start PostgreSQL.", program, name, reason);
        case Stage::privileges_kept: return fmt::format("Refusing to run {} as {}: that user could become root again.", program, name);
        case Stage::output: return fmt::format("Cannot open the log file of {} as {}: {}.", program, name, reason);
        case Stage::orphaned: return fmt::format("Did not start {}: the program that asked for it is gone.", program);
        case Stage::execute: break;
    }
    return fmt::format("Cannot execute {} as {}: {}.", program, name, reason);
}

pid_t fork_with_signals_blocked(const Plan& plan) {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0) become(plan);
    const int code = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) throw SetupError(fmt::format("Cannot start {}: {}.", plan.program, std::generic_category().message(code)));
    return pid;
}

FileDescriptor open_process(pid_t pid) { return FileDescriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))}; }

bool ends_within(const FileDescriptor& process, milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    pollfd entry{process.get(), POLLIN, 0};
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        const int ready = ::poll(&entry, 1, static_cast<int>(std::max(left, milliseconds{0}).count()));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

void keep_tail(std::string& text) {
    if (text.size() > captured_at_most) text.erase(0, text.size() - captured_at_most);
}

enum class Read { some, nothing_yet, end };

Read read_some(int fd, std::string& text) {
    char buffer[4096];
    const auto count = ::read(fd, buffer, sizeof buffer);
    if (count < 0) return errno == EINTR || errno == EAGAIN ? Read::nothing_yet : Read::end;
    text.append(buffer, static_cast<std::size_t>(count));
    keep_tail(text);
    return count > 0 ? Read::some : Read::end;
}
}  // namespace

void FileDescriptor::reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string ExitStatus::describe() const { return signal != 0 ? fmt::format("ended by signal {}", signal) : fmt::format("exit code {}", code); }

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), handle_(std::move(other.handle_)), status_(other.status_) {}

Child::~Child() {
    if (pid_ < 0 || status_) return;
    kill(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Child Child::spawn(const Command& command, const std::filesystem::path& log) { return spawn_writing_to(command, log.c_str(), -1); }

Child Child::spawn_writing_to(const Command& command, const char* log, int output) {
    std::vector<char*> arguments{const_cast<char*>(command.program.c_str())};
    for (const auto& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    static char language[] = "LANG=C";
    std::vector<char*> environment{path, language};
    for (const auto& variable : command.environment) environment.push_back(const_cast<char*>(variable.c_str()));
    environment.push_back(nullptr);

    auto [outcome, report] = make_pipe();
    const bool changes_account = command.account && command.account->uid != ::geteuid();
    const Plan plan{command.program.c_str(), arguments.data(), environment.data(), changes_account ? &*command.account : nullptr, log, output,
                    command.death_signal,    ::getpid(),       report.get()};
    Child child{fork_with_signals_blocked(plan), {}};
    report.reset();
    child.handle_ = open_process(child.pid_);
    if (!child.handle_) throw std::system_error(errno, std::generic_category(), "pidfd_open");

    Failure failure{};
    ssize_t count = 0;
    while ((count = ::read(outcome.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
    }
    if (count == sizeof failure) throw SetupError(explain(failure, command));
    return child;
}

std::optional<ExitStatus> Child::wait(milliseconds patience) {
    if (status_ || !ends_within(handle_, patience)) return status_;
    int raw = 0;
    while (::waitpid(pid_, &raw, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    status_ = WIFSIGNALED(raw) ? ExitStatus{.signal = WTERMSIG(raw)} : ExitStatus{.code = WEXITSTATUS(raw)};
    return status_;
}

void Child::kill(int signal) const {
    if (!status_) ::kill(pid_, signal);
}

RunOutcome run(const Command& command, milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto [source, sink] = make_pipe();
    ::fcntl(source.get(), F_SETFL, O_NONBLOCK);
    auto child = Child::spawn_writing_to(command, nullptr, sink.get());
    sink.reset();

    RunOutcome outcome;
    // Ends with the program, not with its output: something it left running may hold the pipe open for ever.
    pollfd entries[] = {{source.get(), POLLIN, 0}, {child.handle_.get(), POLLIN, 0}};
    while (entries[1].revents == 0 && !outcome.timed_out) {
        const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        outcome.timed_out = left.count() <= 0;
        if (::poll(entries, 2, static_cast<int>(std::max(left, milliseconds{0}).count())) <= 0) continue;
        if (entries[0].revents != 0 && read_some(source.get(), outcome.output) == Read::end) entries[0].fd = -1;
    }
    if (outcome.timed_out) ::kill(-child.pid(), SIGKILL);
    outcome.status = child.wait(std::chrono::hours{1}).value_or(ExitStatus{.signal = SIGKILL});
    while (read_some(source.get(), outcome.output) == Read::some) {
    }
    return outcome;
}

std::optional<ForeignProcess> ForeignProcess::find(pid_t pid) {
    auto handle = pid > 0 ? open_process(pid) : FileDescriptor{};
    if (!handle) return std::nullopt;
    return ForeignProcess{pid, std::move(handle)};
}

std::vector<ForeignProcess> ForeignProcess::serving(const std::filesystem::path& data) {
    std::vector<ForeignProcess> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
        auto process = find(pid);
        if (process && process->serves(data)) found.push_back(std::move(*process));
    }
    return found;
}

bool ForeignProcess::serves(const std::filesystem::path& data) const {
    std::error_code failed;
    const std::filesystem::path process = fmt::format("/proc/{}", pid_);
    const auto program = std::filesystem::read_symlink(process / "exe", failed).filename().string();
    // An upgrade of the package renames it to "postgres (deleted)".
    return !failed && program.starts_with("postgres") && std::filesystem::equivalent(process / "cwd", data, failed);
}

void ForeignProcess::kill(int signal) const { ::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0); }
bool ForeignProcess::ended_within(milliseconds patience) const { return ends_within(handle_, patience); }
}  // namespace argon::branches
