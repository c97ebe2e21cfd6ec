// Finds the installed PostgreSQL.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace argon::branches {

/// Where PostgreSQL's server programs are.
struct Binaries {
    std::filesystem::path directory;

    std::filesystem::path program(std::string_view name) const { return directory / name; }

    /// `configured` if there is one; else the newest version below `versions`, `pg_config --bindir`, PATH. Throws SetupError.
    static Binaries find(const std::optional<std::filesystem::path>& configured, const std::filesystem::path& versions = "/usr/lib/postgresql");
};
/// One of PostgreSQL's programs, server or client: that of the newest version below `versions`, else the one in PATH.
std::optional<std::filesystem::path> find_program(std::string_view name, const std::filesystem::path& versions = "/usr/lib/postgresql");
}  // namespace argon::branches
