// What a database of a branch is made of, without its rows. Everything here blocks.
#pragma once

#include <filesystem>
#include <string>

#include "branches/postgres_account.hpp"
#include "branches/postgres_binaries.hpp"

namespace argon::branches {

struct DumpSource {
    Binaries binaries;
    Account account;
    std::filesystem::path directory;  ///< where the account may write for a moment
    std::string conninfo;
};

/// The statements that make it anew, as pg_dump writes them. Throws SetupError, with pg_dump's own words.
std::string dump_schema(const DumpSource& source);

/// Its tables as JSON: {"tables": [{"schema", "name", "columns": [...], "constraints": [...]}]}.
std::string describe_tables(const std::string& conninfo);
}  // namespace argon::branches
