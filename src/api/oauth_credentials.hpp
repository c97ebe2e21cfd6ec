// Credentials of an OAuth provider, as requests of the management API bring them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "json/decoder.hpp"

namespace argon::api {

/// The providers of the contract.
inline constexpr json::one_of known_oauth_provider{{"google", "github", "microsoft", "vercel"}};

struct ClientIdCheck {
    std::optional<std::string> operator()(std::string_view id) const;
};

struct ClientSecretCheck {
    std::optional<std::string> operator()(std::string_view secret) const;
};

/// It becomes part of a URL: an id, a domain, or a word such as `organizations`.
struct TenantCheck {
    std::optional<std::string> operator()(std::string_view tenant) const;
};

struct OauthCredentials {
    std::optional<std::string> client_id;
    std::optional<std::string> client_secret;
    std::optional<std::string> microsoft_tenant_id;

    static void fields(auto& f, auto& body) {
        f.optional("client_id", body.client_id, ClientIdCheck{});
        f.optional("client_secret", body.client_secret, ClientSecretCheck{});
        f.optional("microsoft_tenant_id", body.microsoft_tenant_id, TenantCheck{});
    }
};

/// Only Microsoft has tenants.
Result<> check_tenant(std::string_view provider, const OauthCredentials& credentials);
}  // namespace argon::api
