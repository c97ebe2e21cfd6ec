// How a cluster is told to run, and whom it lets in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "branches/postgres_account.hpp"

namespace argon::branches {

/// How one cluster runs. Given on the server's command line, which wins over the files in the data directory: a copied cluster
/// needs no edits, and no ALTER SYSTEM in it can turn durability off.
struct ClusterSettings {
    std::filesystem::path data;  // its parent belongs to the cluster too: postgres.log is there
    std::filesystem::path socket_directory;
    std::uint16_t port;
    bool accept_tcp = false;  // on 127.0.0.1; the socket is always there
    std::string name = "argonauth";
    int shared_buffers_mb = 16;
    int max_connections = 50;
    std::vector<std::pair<std::string, std::string>> more = {};  // further parameters of postgresql.conf

    std::filesystem::path log() const { return data.parent_path() / "postgres.log"; }
};

/// The superuser of every cluster, and the owner of schema neon_auth. Both come in over the socket only.
inline constexpr std::string_view superuser = "argonauth";
inline constexpr std::string_view auth_role = "neon_auth";

/// The server's command line.
std::vector<std::string> server_arguments(const ClusterSettings& settings);
/// pg_hba.conf: whom the server lets in, and how.
std::string access_rules();
/// pg_ident.conf: we and PostgreSQL's account may be either of the two roles on the socket.
std::string identity_map(const Account& account);
}  // namespace argon::branches
