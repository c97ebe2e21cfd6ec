// What the operator chooses about mails and webhooks, for every command that serves.
#pragma once

#include <string>
#include <vector>

#include "api/delivery.hpp"

namespace CLI {
class App;
}

namespace argon::app {

struct DeliveryOptions {
    std::string smtp_url;
    std::string smtp_from;
    std::string outbound_allow;  ///< empty: the open Internet only
    std::string ca_file;
};

void describe(CLI::App& command, DeliveryOptions& options);
/// Adds what is wrong to `problems`, each with the flag's name.
api::DeliveryConfig make_delivery(const DeliveryOptions& options, std::vector<std::string>& problems);
}  // namespace argon::app
