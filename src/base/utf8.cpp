#include "base/utf8.hpp"

#include <cstddef>

namespace argon {
namespace {
/// The length of a sequence by its first byte; 0 for one that starts nothing.
std::size_t sequence_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

/// The second byte rules out overlong forms, surrogates and what lies above U+10FFFF.
bool fits_second(unsigned char first, unsigned char second) {
    if (first == 0xE0) return second >= 0xA0;
    if (first == 0xED) return second <= 0x9F;
    if (first == 0xF0) return second >= 0x90;
    if (first == 0xF4) return second <= 0x8F;
    return true;
}
}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const auto length = sequence_length(first);
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<unsigned char>(text[i + k]);
            if ((byte & 0xC0) != 0x80 || (k == 1 && !fits_second(first, byte))) return false;
        }
        i += length;
    }
    return true;
}

bool is_storable_text(std::string_view text) { return text.find('\0') == std::string_view::npos && is_utf8(text); }
}  // namespace argon
