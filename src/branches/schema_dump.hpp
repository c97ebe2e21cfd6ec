// What a database of a branch is made of, without its rows. Everything here blocks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "branches/postgres_account.hpp"

namespace argon::branches {

struct DumpSource {
    std::filesystem::path program;    ///< pg_dump; empty: the newest that is installed
    std::optional<Account> account;   ///< who runs pg_dump; nothing: this process
    std::filesystem::path directory;  ///< where it may write for a moment; empty: one of its own
    std::string conninfo;             ///< without the password, which everybody could read in the list of processes
    Secret<> password;
};

/// The statements that make it anew, as pg_dump writes them. Throws SetupError, with pg_dump's own words.
std::string dump_schema(const DumpSource& source);

/// Its tables as JSON: {"tables": [{"schema", "name", "columns": [...], "constraints": [...]}]}.
std::string describe_tables(const DumpSource& source);
}  // namespace argon::branches
