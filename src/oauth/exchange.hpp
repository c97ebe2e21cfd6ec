// The second half of a sign-in: a code for tokens, tokens for a person (RFC 6749 4.1.3, OpenID Connect Core 3.1.3).
// What a provider answers is untrusted: bounded, checked, and never in a log or an answer of ours.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "json/value.hpp"
#include "oauth/key_cache.hpp"
#include "oauth/provider.hpp"
#include "outbound/client.hpp"

namespace argon::oauth {

/// Why somebody cannot be signed in. `reason` is for the log.
struct Problem {
    enum class Kind {
        unreachable,   ///< the provider did not answer, or not in a way that can be used
        refused,       ///< the provider said no to the code or the refresh token
        bad_token,     ///< the id_token is not to be trusted
        bad_profile,   ///< the profile names nobody
    };
    Kind kind;
    std::string reason;
};
template <class T>
using Outcome = std::expected<T, Problem>;

struct Tokens {
    std::string access_token;
    std::string token_type;
    std::optional<std::string> refresh_token;
    std::optional<std::string> id_token;
    std::optional<TimePoint> access_token_expires_at;
    std::optional<TimePoint> refresh_token_expires_at;
    std::vector<std::string> scopes;  ///< empty: the provider did not say
};

struct CodeGrant {
    std::string code;
    std::string code_verifier;
    std::string redirect_uri;
};

/// Takes at most six seconds. A code is sent once: it is not tried again.
awaitable<Outcome<Tokens>> exchange_code(outbound::Client& client, const Provider& provider, const Credentials& credentials, const CodeGrant& grant,
                                         TimePoint now);
awaitable<Outcome<Tokens>> refresh(outbound::Client& client, const Provider& provider, const Credentials& credentials,
                                   const std::string& refresh_token, TimePoint now);

/// A person as the provider knows them.
struct Profile {
    std::string id;               ///< never empty, at most 255 bytes
    std::string email;            ///< empty when the provider tells none that can be used; lower case
    bool email_verified = false;  ///< only where the provider says so
    std::string name;             ///< may be empty
    std::optional<std::string> image;
    json::Object claims;          ///< all that the provider told
};

/// Whose id_token this is, which an app got from the provider by itself: signed, for this client, no older than an hour, and with the nonce
/// that the app says it asked for.
awaitable<Outcome<Profile>> profile_of_token(outbound::Client& client, KeyCache& keys, const Provider& provider, const Credentials& credentials,
                                             const std::string& token, const std::optional<std::string>& nonce, TimePoint now);

/// Whose tokens these are. `nonce` is the one of the authorization request; absent for tokens that were refreshed later.
awaitable<Outcome<Profile>> fetch_profile(outbound::Client& client, KeyCache& keys, const Provider& provider, const Credentials& credentials,
                                          const Tokens& tokens, const std::optional<std::string>& nonce, TimePoint now);
}  // namespace argon::oauth
