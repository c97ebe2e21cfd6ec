// What the operator can choose: flags, then ARGONAUTH_* variables, then a file (docs/configuration.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/delivery_options.hpp"
#include "app/management_client.hpp"
#include "app/oauth_options.hpp"

namespace CLI {
class App;
}

namespace argon::app {

/// Of every server.
struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 4400;
    std::string public_url;
    bool json = false;
    bool rate_limit = false;
    std::string auth_domain;
    bool single_branch = false;
    std::string trusted_proxies;
    std::size_t threads = 0;       ///< 0: one for each core
    std::size_t hash_threads = 0;  ///< 0: one for each core
    std::size_t hash_lanes = 4;
    std::string log_level = "info";
    DeliveryOptions delivery;
    OauthOptions oauth;
};

struct DevOptions : ServerOptions {
    DevOptions() { delivery.outbound_allow = "loopback"; }

    std::string data_dir;
    bool ephemeral = false;
    std::string database_host = "127.0.0.1";
    std::string pg_bin;
    std::string pg_user = "postgres";
    bool fake_identity_provider = true;
};

struct ServeOptions : ServerOptions {
    std::string database_ca;
    std::int64_t drain_delay = 0;  ///< seconds
    bool share_port = false;
};

struct AttachOptions {
    std::string project;
    std::string name = "main";
    std::string uri_file;
    std::string database_ca;
    bool json = false;
};

struct ApiKeyOptions {
    std::string data_dir;
    std::string pg_bin;
    std::string pg_user = "postgres";
    std::string name;
    std::int64_t id = 0;
    bool json = false;
};

/// Adds the flags of `argonauth dev`.
void describe(CLI::App& command, DevOptions& options);
/// Adds the flags of `argonauth serve`.
void describe(CLI::App& command, ServeOptions& options);
/// Adds the flags of `argonauth branch attach`.
void describe(CLI::App& command, AttachOptions& options);
/// Adds what all commands share that talk to a running server.
void describe(CLI::App& command, RemoteOptions& options);
/// Adds what all `argonauth api-key` commands share.
void describe(CLI::App& command, ApiKeyOptions& options);

/// ARGONAUTH_* variables of the environment that neither a flag of `commands` nor secrets.hpp reads: a misspelt name must not pass for
/// a setting.
std::vector<std::string> unknown_variables(const std::vector<const CLI::App*>& commands);

/// Where the data lives unless told otherwise: /var/lib/argonauth for root, $XDG_DATA_HOME/argonauth or ~/.local/share/argonauth.
std::string default_data_dir();
}  // namespace argon::app
