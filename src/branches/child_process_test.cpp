#include "branches/child_process.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {
using namespace std::chrono_literals;

RunOutcome shell(const std::string& script, std::chrono::milliseconds timeout = 5s) {
    return run({.program = "/bin/sh", .arguments = {"-c", script}}, timeout);
}

std::optional<Account> unprivileged_account() {
    if (::geteuid() == 0) {
        try {
            return choose_postgres_account("nobody");
        } catch (const SetupError&) {
        }
    }
    MESSAGE("skipped: a change of user needs root and the user nobody");
    return std::nullopt;
}
}  // namespace

TEST_CASE("child process: exit code, signal and both output streams come back") {
    const auto outcome = shell("echo out; echo err >&2; exit 3");
    CHECK(outcome.output == "out\nerr\n");
    CHECK(outcome.status.code == 3);
    CHECK_FALSE(outcome.success());
    CHECK(shell("kill -TERM $$").status.signal == SIGTERM);
    CHECK(shell("exit 0").success());
}

TEST_CASE("child process: the environment is clean and the session its own") {
    ::setenv("PGHOST", "elsewhere", 1);
    ::setenv("TZ", "Asia/Tokyo", 1);
    const auto outcome = run({.program = "/usr/bin/env"}, 5s);
    ::unsetenv("PGHOST");
    ::unsetenv("TZ");
    CHECK(outcome.output == "PATH=/usr/local/bin:/usr/bin:/bin\nLANG=C\n");
    CHECK(shell("pwd").output == "/\n");
    CHECK(shell("test $(cut -d' ' -f6 /proc/$$/stat) = $$").success());
}

TEST_CASE("child process: no descriptor and no signal setting of ours is inherited") {
    const FileDescriptor ours{::open("/dev/null", O_RDONLY)};  // without O_CLOEXEC
    ::signal(SIGPIPE, SIG_IGN);
    const auto outcome = run({.program = "/bin/ls", .arguments = {"/proc/self/fd"}}, 5s);
    CHECK(outcome.output == "0\n1\n2\n3\n");  // 3 is ls reading the directory
    CHECK(shell("grep -E 'SigIgn|SigBlk' /proc/self/status | tr -d '0\\n\\t'").output == "SigBlk:SigIgn:");
    ::signal(SIGPIPE, SIG_DFL);
}

TEST_CASE("child process: output is bounded and its end is kept") {
    const auto outcome = shell("head -c 300000 /dev/zero | tr '\\0' x; echo end");
    CHECK(outcome.output.size() == 64 * 1024);
    CHECK(outcome.output.ends_with("xxxend\n"));
}

TEST_CASE("child process: a timeout ends the program and what it started") {
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = shell("echo $$; sleep 60 & sleep 60", 100ms);
    CHECK(outcome.timed_out);
    CHECK(outcome.status.signal == SIGKILL);
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    // Ended, or a zombie that nobody collected yet.
    const auto group = std::stoi(outcome.output);
    CHECK(shell(fmt::format("sleep 0.05; ! ps -o stat= --sid {} | grep -v Z", group)).success());
}

TEST_CASE("child process: output held open by somebody else does not delay us") {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(shell("echo done; sleep 1 &").output == "done\n");
    CHECK(std::chrono::steady_clock::now() - begin < 900ms);
}

TEST_CASE("child process: a program that cannot run is named with the reason") {
    CHECK_THROWS_WITH_AS(run({.program = "/nowhere/postgres"}, 1s), doctest::Contains("Cannot execute /nowhere/postgres"), SetupError);
    CHECK_THROWS_WITH_AS(Child::spawn({.program = "/bin/true"}, "/nowhere/log"), doctest::Contains("Cannot open the log file"), SetupError);
}

TEST_CASE("child process: it dies when the one who started it is killed") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t owner = ::fork();
    if (owner == 0) {
        const auto child = Child::spawn({.program = "/bin/sleep", .arguments = {"60"}, .death_signal = SIGKILL}, "/dev/null");
        const pid_t pid = child.pid();
        [[maybe_unused]] const auto written = ::write(ends[1], &pid, sizeof pid);
        ::kill(::getpid(), SIGKILL);
    }
    pid_t pid = 0;
    REQUIRE(::read(ends[0], &pid, sizeof pid) == sizeof pid);
    ::close(ends[0]);
    ::close(ends[1]);
    const auto orphan = ForeignProcess::find(pid);
    ::waitpid(owner, nullptr, 0);
    CHECK((!orphan || orphan->ended_within(2s)));
}

TEST_CASE("child process: privileges are dropped for good") {
    const auto account = unprivileged_account();
    if (!account) return;
    const auto outcome = run({.program = "/bin/sh",
                              .arguments = {"-c", "grep -E '^(Uid|Gid|CapEff|CapPrm|NoNewPrivs)' /proc/self/status | tr '\\t' ' '; id -G"},
                              .account = account},
                             5s);
    CHECK(outcome.output == fmt::format("Uid: {0} {0} {0} {0}\nGid: {1} {1} {1} {1}\nCapPrm: 0000000000000000\nCapEff: 0000000000000000\n"
                                        "NoNewPrivs: 1\n{1}\n",
                                        account->uid, account->gid));
}

TEST_CASE("files as: this thread alone loses root's rights, and gets them back") {
    const auto account = unprivileged_account();
    if (!account) return;
    const auto can_read_shadow = [] { return std::ifstream{"/etc/shadow"}.good(); };
    REQUIRE(can_read_shadow());
    {
        const FilesAs identity{*account};
        CHECK_FALSE(can_read_shadow());
        CHECK(::geteuid() == 0);
    }
    CHECK(can_read_shadow());
}
}  // namespace argon::branches
