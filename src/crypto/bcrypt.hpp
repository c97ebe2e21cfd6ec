// bcrypt, the password hash of Stack and of most apps that people come from: `$2b$10$` and 53 characters. libxcrypt does the work.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace argon::crypto {

/// bcrypt looks at no more bytes than 72.
inline constexpr std::size_t bcrypt_password_limit = 72;

/// `$2a$`, `$2b$` or `$2y$` with a cost of 4 to 14: what can be checked in less than a few seconds.
bool is_bcrypt(std::string_view text);

/// Cost 10, about 50 ms.
std::string hash_bcrypt(const std::string& password);
/// False for a stored text that is no such hash.
bool verify_bcrypt(const std::string& password, const std::string& stored);
}  // namespace argon::crypto
