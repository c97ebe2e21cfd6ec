#include "branches/cluster_copy.hpp"

#include <chrono>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "branches/child_process.hpp"
#include "branches/data_directory.hpp"
#include "branches/setup_error.hpp"
#include "pg/session.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uint64_t spare_space = 64ULL << 20;  // the log that is written meanwhile

std::uint64_t size_of(const CopySource& source) {
    pg::Session admin{source.admin_conninfo};
    return admin.query("SELECT sum(pg_database_size(oid))::bigint FROM pg_database").one<std::uint64_t>();
}

void sync_directory(const fs::path& path) {
    const FileDescriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory || ::fsync(directory.get()) != 0) throw SetupError(fmt::format("Cannot write {} to the disk.", path.string()));
}

/// No sync and no manifest: the first start syncs everything once, and the pages have checksums of their own.
void run_basebackup(const CopySource& source, const fs::path& target) {
    const Command backup{.program = source.binaries.program("pg_basebackup"),
                         .arguments = {"-D", target.string(), "-h", source.socket_directory.string(), "-p", std::to_string(source.port), "-U",
                                       std::string{superuser}, "-X", "stream", "-c", "fast", "--no-sync", "--no-manifest", "--no-password"},
                         .account = source.account};
    const auto outcome = run(backup, 6h);
    if (outcome.success()) return;
    throw SetupError(fmt::format("The parent could not be copied: {}", outcome.timed_out ? "it took longer than six hours" : outcome.output));
}
}  // namespace

void copy_cluster(const CopySource& source, const fs::path& data) {
    const auto home = data.parent_path();
    require_free_space(home, size_of(source) + spare_space);
    make_private_directory(home, source.account);
    sync_directory(home.parent_path());
    const fs::path unfinished = data.string() + ".new";
    {
        const FilesAs identity{source.account};
        fs::remove_all(unfinished);
    }
    run_basebackup(source, unfinished);

    const FilesAs identity{source.account};
    // The certificate's key stays the parent's own; the copy's first start makes another.
    fs::remove(unfinished / "server.key");
    fs::remove(unfinished / "server.crt");
    fs::rename(unfinished, data);
    sync_directory(home);
}
}  // namespace argon::branches
