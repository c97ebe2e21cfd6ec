// What is left of branches that are gone. Removing a cluster's thousand files takes some disks seconds, for which nobody should wait:
// the directory is moved out of the way at once and removed behind everybody's back, or by the next start.
#pragma once

#include <atomic>
#include <filesystem>

#include "base/workers.hpp"
#include "branches/postgres_account.hpp"

namespace argon::branches {

class RemovedDirectories {
public:
    /// `place` is on the file system of the directories it takes. Begins with what an earlier run left there.
    RemovedDirectories(std::filesystem::path place, Account account);
    /// Waits for one file at most.
    ~RemovedDirectories() { ending_ = true; }

    /// Afterwards there is nothing at this path any more. Blocks only where it cannot be moved.
    void take(const std::filesystem::path& directory);

private:
    void remove_later(std::filesystem::path directory);
    void remove_tree(const std::filesystem::path& directory) const;
    void clear(const std::filesystem::path& directory) const;

    std::filesystem::path place_;
    Account account_;
    std::atomic<bool> ending_ = false;
    Workers worker_{1};
};
}  // namespace argon::branches
