// The directory in which embedded mode keeps everything, owned by one process at a time:
//
//   lock      held with flock while we run; its text is our process id
//   format    the version of this layout
//   run/      sockets of PostgreSQL
//   <name>    secrets, mode 0600
//   control/data            the control cluster
//   branches/<id>/data      the cluster of a branch
//   removed/<id>            what is left of one, about to go
//
// For an ordinary user all of it is 0700. Started as root, the directories above a cluster belong to root and can be entered but
// not listed (0711), and `control`, `branches/<id>`, `removed/<id>` and `run` belong to PostgreSQL's account alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "branches/child_process.hpp"
#include "branches/postgres_account.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {

class DataDirectory {
public:
    /// Creates what is missing and locks it. Throws SetupError when it is in use, foreign, too open or out of the account's reach.
    static DataDirectory open(const std::filesystem::path& root, const Account& account);
    /// A new one under TMPDIR, in memory (/dev/shm) or under /tmp that vanishes with this object. Stop the servers in it first.
    static DataDirectory make_ephemeral(const Account& account);

    DataDirectory(DataDirectory&& other) noexcept;
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();

    const std::filesystem::path& root() const { return root_; }
    /// Data directories of PostgreSQL. They and their parents come into being with PostgresServer::initialize or a copy.
    std::filesystem::path control_cluster() const { return root_ / "control" / "data"; }
    std::filesystem::path branch_cluster(const BranchId& branch) const;
    /// Where clusters are moved that are to be removed.
    std::filesystem::path removed() const { return root_ / "removed"; }
    /// Short enough for a socket of any port, so not always below root().
    const std::filesystem::path& socket_directory() const { return sockets_; }

    /// The content of the secret file `name`. At first use `generate` makes it, and it is on the disk before anybody sees it.
    Secret<std::string> read_or_create_secret(std::string_view name, const std::function<std::string()>& generate) const;

    /// Deletes an ephemeral directory with all its content; a lasting one is left alone.
    void remove();

private:
    DataDirectory(std::filesystem::path root, FileDescriptor lock, std::filesystem::path sockets)
        : root_(std::move(root)), lock_(std::move(lock)), sockets_(std::move(sockets)) {}

    std::filesystem::path root_;
    FileDescriptor lock_;
    std::filesystem::path sockets_;
    bool ephemeral_ = false;
};

/// Makes `path` (not its parents) as a directory only `account` can enter, or makes sure that it is one.
void make_private_directory(const std::filesystem::path& path, const Account& account);

/// Replaces a file so that a crash leaves the old content or the new one, never a part.
void write_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode);
/// The whole file, or its last `limit` bytes; empty when it cannot be read.
std::string read_file_tail(const std::filesystem::path& path, std::size_t limit = 65536);

/// Throws SetupError when the file system of `path` (or of its nearest existing parent) has less than `bytes` to give.
void require_free_space(const std::filesystem::path& path, std::uint64_t bytes);
}  // namespace argon::branches
