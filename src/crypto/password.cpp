#include "crypto/password.hpp"

#include <algorithm>
#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "crypto/scrypt.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t salt_digits = 32;
constexpr std::size_t imported_key_size = 32;

const icu::Normalizer2& nfkc() {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const normalizer = icu::Normalizer2::getNFKCInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no NFKC data");
    return *normalizer;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
}  // namespace

std::optional<StoredHash> parse_stored_hash(std::string_view text) {
    if (text.size() <= salt_digits || text[salt_digits] != ':') return std::nullopt;
    const std::string_view salt = text.substr(0, salt_digits);
    const std::string_view key_digits = text.substr(salt_digits + 1);
    if (key_digits.size() != 2 * password_key_size && key_digits.size() != 2 * imported_key_size) return std::nullopt;
    auto key = hex_decode(key_digits);
    if (!key || !hex_decode(salt)) return std::nullopt;
    return StoredHash{std::string{salt}, std::move(*key)};
}

std::string format_stored_hash(const StoredHash& hash) { return hash.salt + ":" + hex_encode(hash.key); }

std::string make_salt() { return hex_encode(random_bytes(salt_digits / 2)); }

std::string normalize_nfkc(std::string_view utf8) {
    if (is_ascii(utf8)) return std::string{utf8};
    std::string normalized;
    icu::StringByteSink<std::string> sink{&normalized};
    UErrorCode status = U_ZERO_ERROR;
    nfkc().normalizeUTF8(0, icu::StringPiece{utf8.data(), static_cast<int32_t>(utf8.size())}, sink, nullptr, status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalise a text");
    return normalized;
}

std::string derive(std::string_view password, std::string_view salt, std::size_t length) {
    std::string normalized = normalize_nfkc(password);
    std::string key(length, '\0');
    scrypt_one({normalized, salt, {as_bytes(key), length}});
    wipe(normalized);
    return key;
}

std::string hash_password(std::string_view password) {
    const std::string salt = make_salt();
    return format_stored_hash({salt, derive(password, salt, password_key_size)});
}

bool verify_password(std::string_view password, const StoredHash& stored) {
    return equal(derive(password, stored.salt, stored.key.size()), stored.key);
}
}  // namespace argon::crypto
