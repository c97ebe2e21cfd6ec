// The secrets of attached mode and of commands that talk to a server. They come from the environment or from files it names, never from
// flags: every user of the machine could read those.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "crypto/secret_key.hpp"
#include "pg/conninfo.hpp"

namespace argon::app {

inline constexpr std::array<std::string_view, 6> secret_variables{"ARGONAUTH_DATABASE_URL", "ARGONAUTH_DATABASE_URL_FILE",
                                                                  "ARGONAUTH_MASTER_KEY",   "ARGONAUTH_MASTER_KEY_FILE",
                                                                  "ARGONAUTH_API_KEY",      "ARGONAUTH_API_KEY_FILE"};

/// True when the environment names a control database.
bool has_control_database();

/// The variable, or the content of the file that `<name>_FILE` names, without white space at its ends. The variable is wiped from the
/// process's environment. Nothing, and a sentence added to `problems`, when there is neither, both, or a file others can read.
std::optional<Secret<>> take_secret(const std::string& name, std::vector<std::string>& problems);

/// 32 bytes in base64url, base64 or hexadecimal.
std::optional<crypto::MasterKey> parse_master_key(const Secret<>& text);

/// Where the control state lives and the key to its secrets.
struct ControlSecrets {
    std::optional<pg::Conninfo> database;
    std::optional<crypto::MasterKey> master_key;
};
/// Everything that is wrong is added to `problems`.
ControlSecrets take_control_secrets(const std::string& database_ca, std::vector<std::string>& problems);
/// The database alone, for commands that open no secret.
std::optional<pg::Conninfo> take_control_database(const std::string& database_ca, std::vector<std::string>& problems);
}  // namespace argon::app
