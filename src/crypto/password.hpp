// Password hashes as Better Auth stores them: `salt:key`, 32 and 128 hexadecimal digits, scrypt with N=16384, r=16, p=1.
// Two quirks are part of the format: the password is NFKC-normalised first, and the salt given to scrypt is the
// hexadecimal text itself. (auth-wire-facts.md, fact 26)
//
// The functions here hash one password after the other. A server hashes batches: normalize_nfkc, then scrypt_many.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace argon::crypto {

inline constexpr std::size_t password_key_size = 64;

struct StoredHash {
    std::string salt;  // as stored: it goes to scrypt as text
    std::string key;   // raw bytes: 64, or 32 for an imported hash
};

/// Reads a stored hash. Tenants can write that column: nothing for any length or character that the format does not have.
std::optional<StoredHash> parse_stored_hash(std::string_view text);
std::string format_stored_hash(const StoredHash& hash);

/// A fresh salt for a StoredHash.
std::string make_salt();

/// The form in which a password is hashed. Bytes that are no UTF-8, which no request body can hold, stay as they are.
std::string normalize_nfkc(std::string_view utf8);

/// The key of a password, which is normalised here, in about 60 ms.
std::string derive(std::string_view password, std::string_view salt, std::size_t length);

/// A new stored hash for a password, in its text form.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view password, const StoredHash& stored);
}  // namespace argon::crypto
