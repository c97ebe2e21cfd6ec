#include "crypto/random.hpp"

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>

#include <sys/random.h>

#include "crypto/encoding.hpp"

namespace argon::crypto {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
        filled += static_cast<std::size_t>(got);
    }
    return bytes;
}

std::string random_text(std::size_t length, std::string_view alphabet) {
    if (alphabet.empty() || alphabet.size() > 256) throw std::invalid_argument("random_text: an alphabet has 1 to 256 characters");
    // Bytes past the last whole multiple of the alphabet are thrown away: a bare modulo would favour its first characters.
    const std::size_t limit = 256 - 256 % alphabet.size();
    std::string text;
    text.reserve(length);
    while (text.size() < length) {
        const std::size_t missing = length - text.size();
        for (const char c : random_bytes(missing + missing / 4 + 8)) {
            const auto byte = static_cast<std::uint8_t>(c);
            if (byte < limit && text.size() < length) text.push_back(alphabet[byte % alphabet.size()]);
        }
    }
    return text;
}

std::string random_uuid() {
    std::string bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);  // the variant of RFC 9562
    std::string text = hex_encode(bytes);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
    return text;
}
}  // namespace argon::crypto
