// Ed25519 signatures (RFC 8032). Keys and signatures are raw bytes: seed 32, public key 32, signature 64.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace argon::crypto {

/// A key pair, wiped when it goes. Signing changes nothing in it, so threads may share one.
class Ed25519Key {
public:
    static Ed25519Key generate();
    /// Nothing unless the seed has 32 bytes.
    static std::optional<Ed25519Key> from_seed(std::string_view seed);
    /// False for a public key or signature of a wrong length or form, too.
    static bool verify(std::string_view public_key, std::string_view message, std::string_view signature);

    Ed25519Key(const Ed25519Key&) = default;
    Ed25519Key& operator=(const Ed25519Key&) = default;
    ~Ed25519Key();

    std::string sign(std::string_view message) const;
    std::string_view public_key() const;
    /// The secret itself, for storing it sealed.
    std::string_view seed() const;

private:
    Ed25519Key() = default;

    std::array<char, 64> secret_{};  // the seed, then the public key
};
}  // namespace argon::crypto
