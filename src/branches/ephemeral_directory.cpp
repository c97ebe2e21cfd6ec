// DataDirectory::make_ephemeral: a data directory that ends with its process, also when that process is killed.
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "branches/data_directory.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
constexpr std::string_view name_prefix = "argonauth-";

/// TMPDIR when it is set. Else memory where there is plenty of it: a cluster is 1,300 files, and removing them from a disk takes
/// longer than anything else an ephemeral server does.
fs::path ephemeral_parent() {
    constexpr std::uintmax_t plenty = 2ull << 30;
    const fs::path memory = "/dev/shm";
    std::error_code error;
    if (!std::getenv("TMPDIR") && ::access(memory.c_str(), W_OK) == 0 && fs::space(memory, error).available >= plenty && !error) return memory;
    const auto parent = fs::temp_directory_path(error);
    return error ? fs::path{"/tmp"} : parent;
}

/// Ours, locked by nobody, and not so young that its owner may be about to lock it.
bool is_abandoned(const fs::path& directory) {
    constexpr auto youth = std::chrono::seconds{60};
    struct stat info{};
    if (::lstat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) return false;
    if (std::chrono::system_clock::from_time_t(info.st_mtime) + youth > std::chrono::system_clock::now()) return false;
    const FileDescriptor lock{::open((directory / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    return lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

/// What a killed process left behind fills the memory of the machine until somebody removes it.
void sweep_abandoned(const fs::path& parent) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{parent, error}) {
        if (!entry.path().filename().string().starts_with(name_prefix) || !is_abandoned(entry.path())) continue;
        log::info("removing the data of an ephemeral server that was killed", {{"directory", entry.path().string()}});
        fs::remove_all(entry.path(), error);
    }
}
}  // namespace

DataDirectory DataDirectory::make_ephemeral(const Account& account) {
    const auto parent = ephemeral_parent();
    sweep_abandoned(parent);
    auto pattern = (parent / (std::string{name_prefix} + "XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw SetupError(fmt::format("Cannot make a directory in {}: {}. Name a writable one with TMPDIR.", parent.string(), std::strerror(errno)));
    }
    try {
        auto directory = open(pattern, account);
        directory.ephemeral_ = true;
        return directory;
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(pattern, ignored);
        throw;
    }
}
}  // namespace argon::branches
