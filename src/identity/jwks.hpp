// The branch's signing keys: rows of neon_auth.jwks. The newest unexpired one signs; expired ones are published for another 30 days, so
// that what they signed can still be verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/jwt.hpp"
#include "crypto/secret_key.hpp"
#include "pg/pool.hpp"

namespace argon::identity {

struct SigningKeys {
    crypto::JwtSigner signer;
    /// The JWKS document.
    std::string document;
    std::string kid;  ///< of the signer
    /// When another key must sign.
    std::optional<TimePoint> expires_at;
};

/// Makes a key when there is none that may sign; two nodes that do so at once end with the same one. `imported_secret` opens keys
/// that an earlier Better Auth made. Throws when the newest key cannot be opened.
awaitable<SigningKeys> load_signing_keys(pg::Pool& db, const crypto::SecretKey& sealing_key, const std::string* imported_secret);
}  // namespace argon::identity
