// Identity providers as a branch may use them: the known four, those the branch added, and the operator's shared credentials.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "identity/accounts.hpp"
#include "oauth/authorize.hpp"
#include "oauth/exchange.hpp"
#include "outbound/client.hpp"

namespace argon::api {

struct Context;
struct Services;

/// A client at a provider that all branches share.
struct SharedProvider {
    oauth::Provider provider;
    oauth::Credentials credentials;
};

/// The operator's part, fixed at start-up; the keys are fetched as they are needed.
struct OauthConfig {
    std::map<std::string, SharedProvider, std::less<>> shared;      ///< by provider id
    std::map<std::string, oauth::Endpoints, std::less<>> endpoints; ///< in the place of a known provider's own
    std::shared_ptr<oauth::KeyCache> keys = std::make_shared<oauth::KeyCache>();

    bool shares(std::string_view id) const { return shared.contains(id); }
    bool is_operators(std::string_view id) const { return endpoints.contains(id); }
};

/// A provider with credentials, and the way to it.
struct OauthClient {
    oauth::Provider provider;
    oauth::Credentials credentials;
    bool is_shared = false;
    std::string redirect_uri;
    outbound::Client* way = nullptr;
    std::shared_ptr<oauth::KeyCache> keys;
};
/// Nothing when the branch has no such provider, or one that cannot work: the log says why.
std::optional<OauthClient> find_oauth_client(const Context& ctx, std::string_view id);

/// The service's one callback for shared credentials: `{public_url}/auth/oauth/callback/{provider}`.
std::string shared_callback_url(const Services& services, std::string_view provider);

/// Tokens as the table keeps them: sealed, bound to their column and account.
identity::ProviderTokens seal_tokens(const Services& services, const std::string& provider, const std::string& account, const oauth::Tokens& tokens);

/// A stored token in clear; nothing when there is none or it cannot be opened with this master key.
std::optional<std::string> open_token(const Services& services, const identity::ProviderAccount& account, std::string_view column,
                                      const std::optional<std::string>& stored);
inline constexpr std::string_view access_token_column = "accessToken";
inline constexpr std::string_view refresh_token_column = "refreshToken";
inline constexpr std::string_view id_token_column = "idToken";
}  // namespace argon::api
