// What `argonauth dev` shows when it is ready.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace argon::app {

struct Panel {
    std::string management_url;
    Secret<> api_key;
    std::string project_id;
    std::string branch_id;
    std::string endpoint_id;
    std::string base_url;
    std::string jwks_url;
    Secret<> connection_uri;
    std::string mailbox_url;
};

/// On standard output: one JSON object on one line, or a table with the next command to try; colours only on a terminal.
void print(const Panel& panel, bool json);
}  // namespace argon::app
