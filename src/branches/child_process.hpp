// Starting other programs: as a given account, in a clean environment, with nothing inherited but what is meant.
// Everything here blocks and belongs on a worker thread.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "branches/postgres_account.hpp"

namespace argon::branches {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    void reset();

private:
    int fd_ = -1;
};

struct Command {
    std::filesystem::path program;  // absolute: no search in PATH
    std::vector<std::string> arguments = {};
    std::optional<Account> account = {};  // nothing: the one we run under
    /// `NAME=value`, besides PATH and LANG. What everybody may not read in the list of processes goes here.
    std::vector<std::string> environment = {};
    /// Sent to the program when the *thread* that started it ends, so also when we are killed. 0: none.
    int death_signal = SIGTERM;
};

struct ExitStatus {
    int code = 0;    // as given to exit(); meaningless when a signal ended the program
    int signal = 0;  // the signal that ended it, or 0
    bool success() const { return code == 0 && signal == 0; }
    std::string describe() const;
};

/// A program that runs in a session of its own: Ctrl-C in our terminal reaches us, and we decide what it means for the child.
/// The destructor kills it without ado; whoever wants a gentle end asks for it before.
class Child {
public:
    /// Standard output and error are appended to `log`, which is opened with the account's rights. Throws SetupError when the program cannot start.
    static Child spawn(const Command& command, const std::filesystem::path& log);

    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    ~Child();

    pid_t pid() const { return pid_; }
    /// Waits until it ended, at most `patience` (zero: only looks). Nothing: it still runs.
    std::optional<ExitStatus> wait(std::chrono::milliseconds patience);
    /// Without effect when it ended already.
    void kill(int signal) const;

private:
    friend struct RunOutcome run(const Command&, std::chrono::milliseconds);
    Child(pid_t pid, FileDescriptor handle) : pid_(pid), handle_(std::move(handle)) {}
    static Child spawn_writing_to(const Command& command, const char* log, int output);

    pid_t pid_;
    FileDescriptor handle_;  // a pidfd: becomes readable when the program ends
    std::optional<ExitStatus> status_;
};

struct RunOutcome {
    ExitStatus status;
    std::string output;  // standard output and error, the last 64 KiB
    bool timed_out = false;
    bool success() const { return status.success() && !timed_out; }
};

/// Runs a short program to its end. Past `timeout` it is killed, with everything it started.
RunOutcome run(const Command& command, std::chrono::milliseconds timeout);

/// A process we did not start, held so that its number cannot pass to another one between a look at it and a signal to it.
class ForeignProcess {
public:
    static std::optional<ForeignProcess> find(pid_t pid);
    /// Every PostgreSQL process, server or backend, whose data directory this is. Look with the rights of its account (FilesAs).
    static std::vector<ForeignProcess> serving(const std::filesystem::path& data);

    pid_t pid() const { return pid_; }
    /// Whether it is a PostgreSQL process on this data directory: all of them work inside it.
    bool serves(const std::filesystem::path& data) const;
    void kill(int signal) const;
    bool ended_within(std::chrono::milliseconds patience) const;

private:
    ForeignProcess(pid_t pid, FileDescriptor handle) : pid_(pid), handle_(std::move(handle)) {}
    pid_t pid_;
    FileDescriptor handle_;
};
}  // namespace argon::branches
