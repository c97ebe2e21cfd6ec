// Signing keys of issuers, for the whole process. A key that is not there is looked for anew, but at most once a minute for each
// issuer: tokens that name keys of their own invention must not make us hammer a provider.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "crypto/jws.hpp"
#include "outbound/client.hpp"

namespace argon::oauth {

struct SigningKey {
    std::string kid;
    crypto::JwsKey key;
};
using SigningKeys = std::vector<SigningKey>;

/// The usable keys of a JWKS document; nothing when it is none.
std::optional<SigningKeys> parse_jwks(std::string_view text);

class KeyCache {
public:
    /// The keys that may have signed a token: the one named `kid`, or all where the token names none. Empty when there is none.
    awaitable<SigningKeys> find(outbound::Client& client, asio::io_context& io, std::string jwks_uri, std::string kid, bool allow_plain_http);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Entry {
        std::shared_ptr<const SigningKeys> keys;
        std::optional<Time> asked;    ///< the last time, whatever the outcome
        bool asking = false;
    };
    /// True when the caller is to ask now.
    bool claim(const std::string& jwks_uri, const SigningKeys& found, Time now);
    std::shared_ptr<const SigningKeys> known(const std::string& jwks_uri);
    bool is_asking(const std::string& jwks_uri);
    void keep(const std::string& jwks_uri, std::optional<SigningKeys> keys);

    std::mutex mutex_;
    std::map<std::string, Entry> entries_;
};
}  // namespace argon::oauth
