// The copy of a running cluster, made while its clients read and write (docs/design/0004-branching.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "branches/postgres_account.hpp"
#include "branches/postgres_server.hpp"

namespace argon::branches {

/// A server that runs and can be copied.
struct CopySource {
    Binaries binaries;
    Account account;
    std::filesystem::path socket_directory;
    std::uint16_t port;
    std::string admin_conninfo;
};

/// Makes `data`, which must not exist, a copy of the source as of a moment during this call. Interrupted at any moment, it leaves nothing
/// there. The copy has not started yet: its first start recovers it from the log it was copied with, and syncs it. Throws SetupError.
void copy_cluster(const CopySource& source, const std::filesystem::path& data);
}  // namespace argon::branches
