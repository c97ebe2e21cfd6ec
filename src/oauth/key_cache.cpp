#include "oauth/key_cache.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/sleep.hpp"
#include "json/decoder.hpp"

namespace argon::oauth {
namespace {
constexpr std::chrono::minutes between_questions{1};
constexpr std::chrono::hours longest_trust{24};
constexpr std::chrono::seconds longest_wait{5};
constexpr std::chrono::milliseconds patience{3000};
constexpr std::chrono::milliseconds between_looks{10};
constexpr std::size_t most_issuers = 1000;
constexpr std::size_t most_keys = 100;
constexpr std::size_t largest_document = 1024 * 1024;

std::string text_member(const json::Value& object, std::string_view name) {
    const auto* member = json::find(object, name);
    return member && member->is_string() ? std::string{member->get_string()} : std::string{};
}

SigningKeys matching(const SigningKeys* keys, const std::string& kid) {
    SigningKeys found;
    if (!keys) return found;
    std::ranges::copy_if(*keys, std::back_inserter(found), [&](const auto& key) { return kid.empty() || key.kid == kid; });
    return found;
}
}  // namespace

std::optional<SigningKeys> parse_jwks(std::string_view text) {
    const auto document = json::parse(text);
    const auto* list = document ? json::find(*document, "keys") : nullptr;
    const auto* entries = list ? list->if_array() : nullptr;
    if (!entries) return {};
    SigningKeys keys;
    for (const auto& entry : *entries) {
        if (!entry.is_object() || keys.size() == most_keys) continue;
        const auto use = text_member(entry, "use");
        if (!use.empty() && use != "sig") continue;
        const auto key =
            crypto::JwsKey::from_jwk({text_member(entry, "kty"), text_member(entry, "crv"), text_member(entry, "alg"), text_member(entry, "n"),
                                      text_member(entry, "e"), text_member(entry, "x"), text_member(entry, "y")});
        if (key) keys.push_back({text_member(entry, "kid"), *key});
    }
    return keys;
}

bool KeyCache::claim(const std::string& jwks_uri, const SigningKeys& found, Time now) {
    const std::lock_guard lock{mutex_};
    if (entries_.size() >= most_issuers && !entries_.contains(jwks_uri)) {
        std::erase_if(entries_, [](const auto& entry) { return !entry.second.asking; });
    }
    auto& entry = entries_[jwks_uri];
    const bool is_old = entry.asked && now - *entry.asked > longest_trust;
    const bool may_ask = !entry.asked || now - *entry.asked >= between_questions;
    if (!may_ask || (!found.empty() && !is_old)) return false;
    entry.asking = true;
    entry.asked = now;
    return true;
}

std::shared_ptr<const SigningKeys> KeyCache::known(const std::string& jwks_uri) {
    const std::lock_guard lock{mutex_};
    const auto entry = entries_.find(jwks_uri);
    return entry == entries_.end() ? nullptr : entry->second.keys;
}

bool KeyCache::is_asking(const std::string& jwks_uri) {
    const std::lock_guard lock{mutex_};
    const auto entry = entries_.find(jwks_uri);
    // Whoever asks may have been cut off: nobody waits for an answer that cannot come any more.
    return entry != entries_.end() && entry->second.asking && std::chrono::steady_clock::now() - *entry->second.asked < longest_wait;
}

/// Without new keys the old ones stay: a provider that fails for a while does not sign everybody out.
void KeyCache::keep(const std::string& jwks_uri, std::optional<SigningKeys> keys) {
    const std::lock_guard lock{mutex_};
    auto& entry = entries_[jwks_uri];
    entry.asking = false;
    if (keys) entry.keys = std::make_shared<const SigningKeys>(std::move(*keys));
}

awaitable<SigningKeys> KeyCache::find(outbound::Client& client, asio::io_context& io, std::string jwks_uri, std::string kid, bool allow_plain_http) {
    auto found = matching(known(jwks_uri).get(), kid);
    const bool is_ours = claim(jwks_uri, found, std::chrono::steady_clock::now());
    if (is_ours) {
        outbound::HttpRequest request{.url = jwks_uri, .headers = {"Accept: application/json"}, .timeout = patience, .max_answer = largest_document};
        request.allow_plain_http = allow_plain_http;
        const auto answer = co_await client.get(std::move(request));
        auto keys = answer.failure == outbound::Failure::none && answer.status == 200 ? parse_jwks(answer.body) : std::nullopt;
        if (!keys)
            log::warn("the keys of an identity provider cannot be read", {{"url", jwks_uri}, {"status", answer.status}, {"reason", answer.reason}});
        keep(jwks_uri, std::move(keys));
    }
    // Somebody else is asking: their answer serves us too. The transfer has a time limit, so this ends.
    while (found.empty() && is_asking(jwks_uri)) co_await sleep(io, between_looks);
    co_return matching(known(jwks_uri).get(), kid);
}
}  // namespace argon::oauth
