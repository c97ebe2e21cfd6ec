#include "crypto/encoding.hpp"

#include <array>
#include <cstdint>

#include <sodium.h>

namespace argon::crypto {
namespace {

// libsodium's base64 runs in constant time but costs 2.5 µs for a JWT; ours costs a tenth. What we encode is sent or
// is sealed already; hexadecimal, which carries password keys, stays with libsodium.
class Alphabet {
public:
    consteval explicit Alphabet(const char (&last_two)[3]) {
        constexpr std::string_view common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (std::size_t i = 0; i < 64; ++i) digits_[i] = i < 62 ? common[i] : last_two[i - 62];
        values_.fill(invalid);
        for (std::size_t i = 0; i < 64; ++i) values_[static_cast<unsigned char>(digits_[i])] = static_cast<std::uint8_t>(i);
    }

    static constexpr std::uint8_t invalid = 0xff;
    char digit(std::uint32_t six_bits) const { return digits_[six_bits & 63]; }
    std::uint8_t value(char digit) const { return values_[static_cast<unsigned char>(digit)]; }

private:
    std::array<char, 64> digits_{};
    std::array<std::uint8_t, 256> values_{};
};

constexpr Alphabet standard{"+/"};
constexpr Alphabet url_safe_alphabet{"-_"};

std::uint32_t byte_at(std::string_view bytes, std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0; }

/// The digits without padding.
std::string encode(std::string_view bytes, const Alphabet& alphabet) {
    std::string text((bytes.size() * 4 + 2) / 3, '\0');
    std::size_t out = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
        for (int shift = 18; shift >= 0 && out < text.size(); shift -= 6) text[out++] = alphabet.digit(group >> shift);
    }
    return text;
}

/// Expects the digits without padding.
std::optional<std::string> decode(std::string_view text, const Alphabet& alphabet) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : text) {
        const std::uint8_t value = alphabet.value(c);
        if (value == Alphabet::invalid) return std::nullopt;
        pending = pending << 6 | value;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>(pending >> bits));
        pending &= (1U << bits) - 1;
    }
    // Left-over bits must be zero, or several texts would decode to the same bytes.
    if (pending != 0) return std::nullopt;
    return bytes;
}
}  // namespace

std::string hex_encode(std::string_view bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');  // libsodium ends it with a NUL
    sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    text.pop_back();
    return text;
}

std::optional<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes(text.size() / 2, '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    if (sodium_hex2bin(out, bytes.size(), text.data(), text.size(), nullptr, nullptr, nullptr) != 0) return std::nullopt;
    return bytes;
}

std::string base64_encode(std::string_view bytes) {
    std::string text = encode(bytes, standard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, standard);
}

std::string base64url_encode(std::string_view bytes) { return encode(bytes, url_safe_alphabet); }

std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, url_safe_alphabet); }
}  // namespace argon::crypto
