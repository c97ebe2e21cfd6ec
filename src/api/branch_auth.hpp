// What one branch's auth service runs on: settings and keys, read once and shared until they change.
#pragma once

#include <memory>
#include <unordered_map>

#include "api/origins.hpp"
#include "api/services.hpp"
#include "crypto/mac.hpp"
#include "identity/jwks.hpp"
#include "identity/settings.hpp"

namespace argon::api {

/// Immutable; replaced as a whole when a setting or key changes.
struct BranchAuth {
    identity::Settings settings;
    identity::SigningKeys keys;
    crypto::HmacKey cookie_key;
    TrustedOrigins trusted;
    /// `__Secure-neon-auth.` or what the branch configured.
    std::string cookie_prefix;
    /// `; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`
    std::string cookie_attributes;
    /// As above for who came through the endpoint's own host, which no other branch shares.
    std::string host_cookie_attributes;
    /// Hashes codes and tokens for the table; another branch's rows fit nothing here.
    crypto::HmacKey one_time_key;
    /// Signs the tokens of verification links: the imported secret where there is one, so that links already mailed stay good.
    crypto::HmacKey link_key;
};

/// This thread's view of the branch; read anew after a change. Throws when the settings or keys cannot be used.
awaitable<std::shared_ptr<const BranchAuth>> load_branch_auth(Services& services, const std::shared_ptr<branches::LiveBranch>& branch,
                                                              pg::Pool& pool);
}  // namespace argon::api
