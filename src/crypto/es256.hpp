// ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4): signatures are r and s, 32 bytes each, never DER.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace argon::crypto {

/// A key pair. Signing changes nothing in it, so threads may share one.
class Es256Key {
public:
    /// The same secret, of 48 bytes, gives the same pair: at every start and on every node.
    static Es256Key derive(std::string_view secret);

    std::string sign(std::string_view message) const;
    bool verify(std::string_view message, std::string_view signature) const;
    /// The public point, 32 bytes each.
    const std::string& x() const { return x_; }
    const std::string& y() const { return y_; }

private:
    Es256Key() = default;

    std::shared_ptr<void> key_;  // OpenSSL's EVP_PKEY
    std::string x_;
    std::string y_;
};

/// Compact JWS with the header `{"alg":"ES256","kid":...}`.
class Es256Signer {
public:
    /// The key's id follows from its public point.
    explicit Es256Signer(Es256Key key);

    std::string sign(std::string_view payload_json) const;
    /// The payload's text, when the token begins with our header, byte for byte, and the signature is right: there is no reader of
    /// foreign headers that could be talked into another algorithm or key.
    std::optional<std::string> verify(std::string_view token) const;
    /// `{"alg":"ES256","crv":"P-256","kid":...,"kty":"EC","x":...,"y":...}`
    std::string public_jwk() const;
    const std::string& kid() const { return kid_; }

private:
    Es256Key key_;
    std::string kid_;
    std::string header_;  // encoded, with the dot
};
}  // namespace argon::crypto
