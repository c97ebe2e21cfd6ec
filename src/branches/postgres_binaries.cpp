#include "branches/postgres_binaries.hpp"

#include <charconv>
#include <cstdlib>
#include <ranges>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "branches/child_process.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Of a directory below /usr/lib/postgresql; 0 when it is none.
int version_of(const fs::path& directory) {
    const auto name = directory.filename().string();
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

bool has_server(const fs::path& directory) {
    const auto usable = [&](const char* name) { return ::access((directory / name).c_str(), X_OK) == 0; };
    return usable("postgres") && usable("initdb");
}

template <class IsWanted>
std::optional<fs::path> newest_version(const fs::path& versions, IsWanted is_wanted) {
    std::optional<std::pair<int, fs::path>> newest;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{versions, failed}) {
        const int version = version_of(entry.path());
        if (is_wanted(entry.path() / "bin") && (!newest || version > newest->first)) newest = {version, entry.path() / "bin"};
    }
    if (!newest) return std::nullopt;
    return newest->second;
}

std::optional<fs::path> find_in_path(std::string_view program) {
    const char* path = std::getenv("PATH");
    for (const auto part : std::views::split(std::string_view{path == nullptr ? "" : path}, ':')) {
        fs::path directory{std::string_view{part}};
        if (directory.is_absolute() && ::access((directory / program).c_str(), X_OK) == 0) return directory;
    }
    return std::nullopt;
}

std::optional<fs::path> ask_pg_config() {
    const auto directory = find_in_path("pg_config");
    if (!directory) return std::nullopt;
    auto answer = run({.program = *directory / "pg_config", .arguments = {"--bindir"}}, 5s);
    if (!answer.success()) return std::nullopt;
    return fs::path{answer.output.substr(0, answer.output.find('\n'))};
}
}  // namespace

Binaries Binaries::find(const std::optional<fs::path>& configured, const fs::path& versions) {
    if (configured) {
        if (has_server(*configured)) return {fs::absolute(*configured)};
        throw SetupError(
            fmt::format("PostgreSQL's server is not in {}: the programs postgres and initdb are missing there. "
                        "Name its bin directory with --pg-bin / ARGONAUTH_PG_BIN, or leave the setting out.",
                        configured->string()));
    }
    if (auto directory = newest_version(versions, has_server)) return {*directory};
    if (auto directory = ask_pg_config(); directory && has_server(*directory)) return {*directory};
    if (auto directory = find_in_path("postgres"); directory && has_server(*directory)) return {*directory};
    throw SetupError(
        "PostgreSQL's server is not installed. Install the package postgresql-15, or name its bin directory with --pg-bin / ARGONAUTH_PG_BIN.");
}

std::optional<fs::path> find_program(std::string_view name, const fs::path& versions) {
    const auto has_it = [name](const fs::path& directory) { return ::access((directory / name).c_str(), X_OK) == 0; };
    auto directory = newest_version(versions, has_it);
    if (!directory) directory = find_in_path(name);
    if (!directory) return std::nullopt;
    return *directory / name;
}
}  // namespace argon::branches
