#include "webhooks/delivery.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "http/url.hpp"
#include "webhooks/event.hpp"

namespace argon::webhooks {
namespace {
constexpr int max_attempts = 3;
constexpr std::chrono::milliseconds overall{15'000};
constexpr std::size_t max_url = 2048;
constexpr std::size_t max_excerpt = 512;

bool is_success(int status) { return status >= 200 && status < 300; }

/// A receiver that is overloaded or broken may recover; one that says no means it. So does one that redirects.
bool may_recover(const outbound::HttpAnswer& answer) {
    using outbound::Failure;
    if (answer.failure == Failure::none) return answer.status >= 500 || answer.status == 429 || answer.status == 408;
    return answer.failure == Failure::timeout || answer.failure == Failure::network || answer.failure == Failure::tls;
}
}  // namespace

std::string excerpt(std::string_view answer) {
    const bool is_cut = answer.size() > max_excerpt;
    std::string text{answer.substr(0, max_excerpt)};
    // Not in the middle of a character.
    while (is_cut && !text.empty() && !is_utf8(text) && text.size() > max_excerpt - 4) text.pop_back();
    const bool readable = is_utf8(text);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
        if (is_control || (byte >= 0x80 && !readable)) c = '?';
    }
    return text;
}

awaitable<Outcome> attempt(outbound::Client& client, const Target& target, const Event& event, int number, std::chrono::milliseconds timeout) {
    const auto begun = now();
    const auto timestamp = std::to_string(to_unix_millis(begun));
    outbound::HttpRequest request{
        .url = target.url,
        .headers = {"Content-Type: application/json", "X-Neon-Signature: " + sign(target.key, target.kid, timestamp, event.body),
                    "X-Neon-Signature-Kid: " + target.kid, "X-Neon-Timestamp: " + timestamp, "X-Neon-Event-Type: " + event.type,
                    "X-Neon-Event-Id: " + event.id, fmt::format("X-Neon-Delivery-Attempt: {}", number)},
        .body = event.body,
        .timeout = timeout,
        .allow_plain_http = target.allow_plain_http};
    auto answer = co_await client.post(std::move(request));
    Outcome outcome{.may_retry = may_recover(answer), .attempts = number, .status = answer.status};
    if (answer.failure != outbound::Failure::none) {
        outcome.reason = std::move(answer.reason);
    } else if (!is_success(answer.status)) {
        outcome.reason = fmt::format("the receiver answered {}", answer.status);
    } else {
        outcome.delivered = true;
    }
    Attempt line{.number = number, .at = begun, .duration_ms = (now() - begun).count()};
    if (answer.status != 0) line.response_status = answer.status;
    if (!outcome.reason.empty()) line.error = outcome.reason;
    if (!answer.body.empty() && !events::carries_secret(event.type)) line.answer = excerpt(answer.body);
    outcome.log.push_back(std::move(line));
    if (outcome.delivered) outcome.answer = std::move(answer.body);
    co_return outcome;
}

awaitable<Outcome> call(outbound::Client& client, const Target& target, const Event& event) {
    const auto end = std::chrono::steady_clock::now() + overall;
    Outcome outcome{.reason = "no time was left"};
    for (int number = 1; number <= max_attempts; ++number) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left <= std::chrono::milliseconds::zero()) break;
        auto next = co_await attempt(client, target, event, number, std::min(target.timeout, left));
        next.log.insert(next.log.begin(), outcome.log.begin(), outcome.log.end());
        outcome = std::move(next);
        if (outcome.delivered || !outcome.may_retry) break;
    }
    co_return outcome;
}

std::optional<std::string> check_url(std::string_view url, const outbound::AddressPolicy& policy) {
    const auto parsed = url.size() <= max_url ? http::parse_url(url) : std::nullopt;
    if (!parsed) return "must be an absolute URL without user name, at most 2048 characters";
    if (parsed->scheme != "https" && !allows_plain_http(url, policy)) return "must use https";
    outbound::Address address{};
    if (outbound::parse_address(parsed->host, address)) {
        if (!policy.allows(address)) return "must not name an internal address";
        if (outbound::classify(address) == outbound::AddressKind::global) return "must use a host name, not an address";
    } else if (outbound::names_loopback(parsed->host) && !policy.allows_loopback()) {
        return "must not name this machine";
    }
    return {};
}

bool allows_plain_http(std::string_view url, const outbound::AddressPolicy& policy) {
    const auto parsed = http::parse_url(url);
    return parsed && policy.allows_loopback() && outbound::names_loopback(parsed->host);
}
}  // namespace argon::webhooks
