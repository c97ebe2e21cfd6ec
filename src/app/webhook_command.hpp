// `argonauth webhook`: the delivery log of a branch's webhook, redelivery and test events, over the management API of a running server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/management_client.hpp"

namespace argon::app {

struct WebhookOptions : RemoteOptions {
    std::string id;
    std::string status;
    std::string event_type;
    std::int64_t limit = 20;
};

// Each returns the program's exit status: 1 when the event did not arrive.
int list_deliveries(const WebhookOptions& options, std::vector<std::string> problems);
int show_delivery(const WebhookOptions& options, std::vector<std::string> problems);
int redeliver(const WebhookOptions& options, std::vector<std::string> problems);
int send_test_event(const WebhookOptions& options, std::vector<std::string> problems);
}  // namespace argon::app
