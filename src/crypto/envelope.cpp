#include "crypto/envelope.hpp"

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::string_view version_1 = "v1:";
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(SecretKey::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES && SecretKey::size == digest_size);

/// Nonce, then ciphertext and tag.
std::string encrypt(const SecretKey& key, std::string_view plaintext, std::string_view aad) {
    start_sodium();
    std::string box = random_bytes(nonce_size);
    box.resize(nonce_size + plaintext.size() + tag_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(as_bytes(box) + nonce_size, nullptr, as_bytes(plaintext), plaintext.size(), as_bytes(aad), aad.size(),
                                               nullptr, as_bytes(box), as_bytes(key.bytes()));
    return box;
}

std::optional<std::string> decrypt(const SecretKey& key, std::string_view box, std::string_view aad) {
    start_sodium();
    if (box.size() < nonce_size + tag_size) return std::nullopt;
    const std::string_view ciphertext = box.substr(nonce_size);
    std::string plaintext(ciphertext.size() - tag_size, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(as_bytes(plaintext), nullptr, nullptr, as_bytes(ciphertext), ciphertext.size(),
                                                                  as_bytes(aad), aad.size(), as_bytes(box), as_bytes(key.bytes()));
    if (failed != 0) return std::nullopt;
    return plaintext;
}

SecretKey better_auth_key(std::string_view secret) {
    std::string digest = sha256(secret);
    const auto key = SecretKey::from_bytes(digest);
    wipe(digest);
    return *key;
}
}  // namespace

std::string seal(const SecretKey& key, std::string_view plaintext, std::string_view aad) {
    return std::string{version_1} + base64url_encode(encrypt(key, plaintext, aad));
}

std::optional<std::string> open(const SecretKey& key, std::string_view sealed, std::string_view aad) {
    if (!sealed.starts_with(version_1)) return std::nullopt;
    const auto box = base64url_decode(sealed.substr(version_1.size()));
    if (!box) return std::nullopt;
    return decrypt(key, *box, aad);
}

std::string seal_better_auth(std::string_view secret, std::string_view plaintext) {
    return hex_encode(encrypt(better_auth_key(secret), plaintext, {}));
}

std::optional<std::string> open_better_auth(std::string_view secret, std::string_view sealed) {
    if (sealed.size() >= 2 && sealed.starts_with('"') && sealed.ends_with('"')) sealed = sealed.substr(1, sealed.size() - 2);
    const auto box = hex_decode(sealed);
    if (!box) return std::nullopt;
    return decrypt(better_auth_key(secret), *box, {});
}
}  // namespace argon::crypto
