#include "branches/removed_directories.hpp"

#include <chrono>
#include <thread>

#include <unistd.h>

#include "base/log.hpp"

namespace argon::branches {
namespace fs = std::filesystem;

RemovedDirectories::RemovedDirectories(fs::path place, Account account) : place_(std::move(place)), account_(std::move(account)) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{place_, ignored}) remove_later(entry.path());
}

void RemovedDirectories::take(const fs::path& directory) {
    std::error_code failure;
    const auto moved = place_ / directory.filename();
    fs::rename(directory, moved, failure);
    if (!failure) return remove_later(moved);
    if (failure != std::errc::no_such_file_or_directory) remove_tree(directory);
}

void RemovedDirectories::remove_later(fs::path directory) {
    worker_.post([this, directory = std::move(directory)] { remove_tree(directory); });
}

/// The content belongs to PostgreSQL's account, the directory's place to us. A copy that was interrupted by our death has a process that
/// writes on for a moment; it ends when its directory is gone.
void RemovedDirectories::remove_tree(const fs::path& directory) const {
    for (int attempt = 0; attempt < 250; ++attempt) {
        {
            const FilesAs as_account{account_};
            clear(directory);
        }
        if (::rmdir(directory.c_str()) == 0 || errno == ENOENT || ending_) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    log::error("the data of a branch could not be removed", {{"directory", directory.string()}});
}

void RemovedDirectories::clear(const fs::path& directory) const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{directory, ignored}) {
        if (ending_) return;
        if (entry.symlink_status(ignored).type() == fs::file_type::directory) clear(entry.path());
        fs::remove(entry.path(), ignored);
    }
}
}  // namespace argon::branches
