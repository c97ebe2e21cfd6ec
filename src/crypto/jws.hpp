// Signatures of other issuers (RFC 7515, RFC 7518): public keys out of their JWKS, and tokens signed with them.
// The algorithm is the key's, never the token's: a token that names another one is not looked at.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace argon::crypto {

/// The members of a public JWK, as text.
struct PublicJwk {
    std::string kty;
    std::string crv;
    std::string alg;  ///< empty: what is usual for the type of key
    std::string n, e; ///< RSA
    std::string x, y; ///< elliptic curves
};

/// RS256/384/512, PS256/384/512, ES256, ES384, ES512, EdDSA (Ed25519).
class JwsKey {
public:
    /// Nothing for a key that cannot be used for signatures: unknown types, RSA below 2048 or above 8192 bits, points off the curve.
    static std::optional<JwsKey> from_jwk(const PublicJwk& jwk);

    const std::string& algorithm() const { return algorithm_; }
    bool verify(std::string_view message, std::string_view signature) const;

private:
    JwsKey(std::string algorithm, std::shared_ptr<evp_pkey_st> key, std::string ed25519);

    std::string algorithm_;
    std::shared_ptr<evp_pkey_st> key_;
    std::string ed25519_;
};

/// The three parts of a compact JWS; header and payload decoded, still JSON texts.
struct JwsParts {
    std::string header;
    std::string payload;
    std::string signature;
    std::string_view signed_text;  ///< looks into the token
};
/// Nothing unless there are exactly three parts in base64url.
std::optional<JwsParts> split_jws(std::string_view token);
}  // namespace argon::crypto
