// Calls of a branch's webhook: three attempts within 15 seconds for events that somebody waits for, one at a time for the others.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
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

/// One line of a delivery's log.
struct Attempt {
    std::int64_t number = 0;
    TimePoint at;
    std::int64_t duration_ms = 0;
    std::optional<std::int64_t> response_status;
    std::optional<std::string> error;
    /// How the answer begins, as text; never of events that carry a code or link, which a receiver may repeat.
    std::optional<std::string> answer;

    static void fields(auto& f, auto& attempt) {
        f.required("number", attempt.number);
        f.required("at", attempt.at);
        f.required("duration_ms", attempt.duration_ms);
        f.optional("response_status", attempt.response_status);
        f.optional("error", attempt.error);
        f.optional("answer", attempt.answer);
    }
};

struct Outcome {
    bool delivered = false;
    bool may_retry = false;
    int attempts = 0;
    int status = 0;      ///< 0 when there was no answer
    std::string answer;  ///< at most 10 KB
    std::string reason;  ///< why it was not delivered; nothing of the answer's text
    std::vector<Attempt> log{};
};

awaitable<Outcome> attempt(outbound::Client& client, const Target& target, const Event& event, int number, std::chrono::milliseconds timeout);
/// Up to three attempts at once after another; 15 seconds for all of them.
awaitable<Outcome> call(outbound::Client& client, const Target& target, const Event& event);

/// The first bytes of what a receiver answered, fit for a log: UTF-8 without control characters.
std::string excerpt(std::string_view answer);

/// Why a branch may not have this URL; nothing when it may. The address behind a name is judged at each connection.
std::optional<std::string> check_url(std::string_view url, const outbound::AddressPolicy& policy);
/// Without TLS to the own machine only, where the operator allows connections to it.
bool allows_plain_http(std::string_view url, const outbound::AddressPolicy& policy);
}  // namespace argon::webhooks
