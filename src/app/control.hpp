// The data directory with its keys, opened for a server or for a subcommand.
#pragma once

#include <optional>
#include <string>

#include "branches/clusters.hpp"
#include "branches/data_directory.hpp"
#include "crypto/secret_key.hpp"
#include "pg/session.hpp"

namespace argon::app {

struct Place {
    std::string data_dir;  ///< empty: the default one
    std::string pg_bin;
    std::string pg_user;
};

struct Control {
    branches::DataDirectory directory;
    branches::ClusterConfig clusters;
    crypto::MasterKey master_key;
};

/// Locks the directory; makes it and its keys at first use. Throws SetupError.
Control open_control(const Place& place, bool ephemeral);

/// Leaves the connection string of the running control database for subcommands.
void publish(const Control& control, const std::string& conninfo);

/// Calls `work` with a session to the control database: the one that ARGONAUTH_DATABASE_URL names unless a directory is given; else that
/// of the server that runs on the directory, or of one started for the moment.
int with_control_session(const Place& place, const std::function<int(pg::Session&)>& work);
}  // namespace argon::app
