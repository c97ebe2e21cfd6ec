#include "crypto/mac.hpp"

#include <bit>
#include <stdexcept>

#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
using State = crypto_auth_hmacsha256_state;
}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(digest_size, '\0');
    crypto_hash_sha256(as_bytes(digest), as_bytes(bytes), bytes.size());
    return digest;
}

HmacKey::HmacKey(std::string_view key) {
    start_sodium();
    State state;
    crypto_auth_hmacsha256_init(&state, as_bytes(key), key.size());
    state_ = std::bit_cast<decltype(state_)>(state);
    sodium_memzero(&state, sizeof state);
}

HmacKey::~HmacKey() { sodium_memzero(state_.data(), state_.size()); }

std::string HmacKey::sign(std::string_view message) const {
    auto state = std::bit_cast<State>(state_);
    std::string digest(digest_size, '\0');
    crypto_auth_hmacsha256_update(&state, as_bytes(message), message.size());
    crypto_auth_hmacsha256_final(&state, as_bytes(digest));
    return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view message) { return HmacKey{key}.sign(message); }

bool equal(std::string_view left, std::string_view right) {
    return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::size_t length) {
    if (length > 255 * digest_size) throw std::invalid_argument("hkdf_sha256: too long");
    std::string extracted = hmac_sha256(salt, secret);
    const HmacKey key{extracted};
    wipe(extracted);

    std::string output;
    std::string block;
    for (unsigned char counter = 1; output.size() < length; ++counter) {
        block.append(info);
        block.push_back(static_cast<char>(counter));
        block = key.sign(block);
        output += block;
    }
    output.resize(length);
    return output;
}

std::string derive_key(std::string_view master, std::string_view purpose) { return hkdf_sha256(master, "", purpose, digest_size); }
}  // namespace argon::crypto
