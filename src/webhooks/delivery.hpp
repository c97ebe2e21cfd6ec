// Calls of a branch's webhook: three attempts within 15 seconds for events that somebody waits for, one at a time for the others.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/ed25519.hpp"
#include "outbound/client.hpp"

namespace argon::webhooks {

struct Target {
    std::string url;
    std::chrono::milliseconds timeout{5000};
    bool allow_plain_http = false;
    crypto::Ed25519Key key;
    std::string kid;
};

struct Event {
    std::string id;
    std::string type;
    std::string body;  ///< JSON as it is signed and sent
};

struct Outcome {
    bool delivered = false;
    bool may_retry = false;
    int attempts = 0;
    int status = 0;      ///< 0 when there was no answer
    std::string answer;  ///< at most 10 KB
    std::string reason;  ///< why it was not delivered; nothing of the answer's text
};

awaitable<Outcome> attempt(outbound::Client& client, const Target& target, const Event& event, int number, std::chrono::milliseconds timeout);
/// Up to three attempts at once after another; 15 seconds for all of them.
awaitable<Outcome> call(outbound::Client& client, const Target& target, const Event& event);

/// Why a branch may not have this URL; nothing when it may. The address behind a name is judged at each connection.
std::optional<std::string> check_url(std::string_view url, const outbound::AddressPolicy& policy);
/// Without TLS to the own machine only, where the operator allows connections to it.
bool allows_plain_http(std::string_view url, const outbound::AddressPolicy& policy);
}  // namespace argon::webhooks
