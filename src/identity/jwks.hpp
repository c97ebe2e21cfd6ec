// The branch's signing keys: rows of neon_auth.jwks. The newest unexpired one signs; all of them are published.
#pragma once

#include <string>
#include <vector>

#include "crypto/jwt.hpp"
#include "crypto/secret_key.hpp"
#include "pg/executor.hpp"

namespace argon::identity {

struct SigningKeys {
    crypto::JwtSigner signer;
    /// The JWKS document.
    std::string document;
    std::string kid;  ///< of the signer
};

/// Makes the first key when there is none; two nodes that do so at once end with the same one. `imported_secret` opens keys
/// that an earlier Better Auth made. Throws when the newest key cannot be opened.
awaitable<SigningKeys> load_signing_keys(pg::Executor& db, const crypto::SecretKey& sealing_key, const std::string* imported_secret);
}  // namespace argon::identity
