#include "branches/postgres_account.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {

std::vector<gid_t> groups_of(const char* name, gid_t primary) {
    std::vector<gid_t> groups(32);
    int count = static_cast<int>(groups.size());
    while (::getgrouplist(name, primary, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count) + groups.size());
        count = static_cast<int>(groups.size());
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

/// Runs getpwnam_r or getpwuid_r with a buffer that grows until the entry fits.
template <class Lookup>
std::optional<Account> look_up(Lookup lookup) {
    std::vector<char> buffer(1024);
    passwd entry{};
    passwd* found = nullptr;
    int code = 0;
    while ((code = lookup(&entry, buffer.data(), buffer.size(), &found)) == ERANGE) buffer.resize(buffer.size() * 2);
    if (found == nullptr) return std::nullopt;
    return Account{entry.pw_uid, entry.pw_gid, entry.pw_name, groups_of(entry.pw_name, entry.pw_gid)};
}

// glibc's wrapper changes every thread of the process; the system call changes the calling one alone.
bool set_groups_of_this_thread(const std::vector<gid_t>& groups) { return ::syscall(SYS_setgroups, groups.size(), groups.data()) == 0; }

// setfsuid and setfsgid report no failure: an impossible id leaves the value alone and returns it.
bool set_file_ids(uid_t uid, gid_t gid) {
    constexpr auto no_change = static_cast<uid_t>(-1);
    ::setfsgid(gid);
    ::setfsuid(uid);
    return static_cast<gid_t>(::setfsgid(no_change)) == gid && static_cast<uid_t>(::setfsuid(no_change)) == uid;
}
}  // namespace

Account current_account() {
    const uid_t uid = ::geteuid();
    auto account = look_up([&](auto... rest) { return ::getpwuid_r(uid, rest...); });
    if (account) return *account;
    throw SetupError(fmt::format(
        "Argonauth runs under the user id {}, which has no name here, and PostgreSQL needs one. Add the id to /etc/passwd or run as a known user.",
        uid));
}

Account choose_postgres_account(std::optional<std::string_view> configured) {
    if (::geteuid() != 0) return current_account();
    const std::string name{configured.value_or("postgres")};
    auto account = look_up([&](auto... rest) { return ::getpwnam_r(name.c_str(), rest...); });
    if (!account) {
        throw SetupError(fmt::format(
            "PostgreSQL cannot run as root, and the user {} does not exist. Create it (useradd --system {}) or name another with --pg-user.", name,
            name));
    }
    if (account->uid == 0) throw SetupError("PostgreSQL cannot run as root. Name an ordinary user with --pg-user.");
    return *account;
}

FilesAs::FilesAs(const Account& account) {
    if (::geteuid() != 0 || account.uid == 0) return;
    groups_before_.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
    const int known = ::getgroups(static_cast<int>(groups_before_.size()), groups_before_.data());
    groups_before_.resize(static_cast<std::size_t>(std::max(known, 0)));
    active_ = true;
    if (set_groups_of_this_thread(account.groups) && set_file_ids(account.uid, account.gid)) return;
    const std::system_error failure{EPERM, std::generic_category(), "cannot take the identity of " + account.name};
    set_file_ids(0, ::getegid());
    set_groups_of_this_thread(groups_before_);
    throw failure;
}

FilesAs::~FilesAs() {
    if (!active_) return;
    // A thread left with the wrong identity would be a hole or a riddle: better no process at all.
    if (!set_file_ids(0, ::getegid()) || !set_groups_of_this_thread(groups_before_)) std::abort();
}
}  // namespace argon::branches
