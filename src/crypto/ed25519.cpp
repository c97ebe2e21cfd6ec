#include "crypto/ed25519.hpp"

#include "crypto/random.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t seed_size = crypto_sign_SEEDBYTES;
constexpr std::size_t public_size = crypto_sign_PUBLICKEYBYTES;
static_assert(crypto_sign_SECRETKEYBYTES == seed_size + public_size);
}  // namespace

Ed25519Key Ed25519Key::generate() {
    std::string seed = random_bytes(seed_size);
    auto key = from_seed(seed);
    wipe(seed);
    return *key;
}

std::optional<Ed25519Key> Ed25519Key::from_seed(std::string_view seed) {
    if (seed.size() != seed_size) return std::nullopt;
    start_sodium();
    Ed25519Key key;
    std::array<unsigned char, public_size> public_key;
    crypto_sign_seed_keypair(public_key.data(), reinterpret_cast<unsigned char*>(key.secret_.data()), as_bytes(seed));
    return key;
}

bool Ed25519Key::verify(std::string_view public_key, std::string_view message, std::string_view signature) {
    if (public_key.size() != public_size || signature.size() != crypto_sign_BYTES) return false;
    start_sodium();
    return crypto_sign_verify_detached(as_bytes(signature), as_bytes(message), message.size(), as_bytes(public_key)) == 0;
}

Ed25519Key::~Ed25519Key() { sodium_memzero(secret_.data(), secret_.size()); }

std::string Ed25519Key::sign(std::string_view message) const {
    std::string signature(crypto_sign_BYTES, '\0');
    const auto* secret = reinterpret_cast<const unsigned char*>(secret_.data());
    crypto_sign_detached(as_bytes(signature), nullptr, as_bytes(message), message.size(), secret);
    return signature;
}

std::string_view Ed25519Key::public_key() const { return {secret_.data() + seed_size, public_size}; }

std::string_view Ed25519Key::seed() const { return {secret_.data(), seed_size}; }
}  // namespace argon::crypto
