#include "crypto/secret_key.hpp"

#include <algorithm>
#include <string>

#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
SecretKey take(std::string bytes) {
    const auto key = SecretKey::from_bytes(bytes);
    wipe(bytes);
    return *key;
}
}  // namespace

SecretKey SecretKey::generate() { return take(random_bytes(size)); }

std::optional<SecretKey> SecretKey::from_bytes(std::string_view bytes) {
    if (bytes.size() != size) return std::nullopt;
    SecretKey key;
    std::ranges::copy(bytes, key.bytes_.begin());
    return key;
}

SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

SecretKey MasterKey::derive(std::string_view purpose) const { return take(derive_key(key_.bytes(), purpose)); }
}  // namespace argon::crypto
