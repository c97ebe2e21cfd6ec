#include "crypto/short_hash.hpp"

#include "crypto/sodium.hpp"

namespace argon::crypto {
static_assert(std::tuple_size_v<ShortHash> == crypto_shorthash_siphashx24_BYTES && SecretKey::size >= crypto_shorthash_siphashx24_KEYBYTES);

ShortHasher::ShortHasher(const SecretKey& key) : key_(key) { start_sodium(); }

ShortHash ShortHasher::operator()(std::string_view text) const {
    ShortHash hash{};
    crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(hash.data()), as_bytes(text), text.size(), as_bytes(key_.bytes()));
    return hash;
}
}  // namespace argon::crypto
