#include "branches/names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "json/decoder.hpp"

namespace argon::branches {
namespace {
constexpr std::size_t identifier_limit = 63;  // NAMEDATALEN - 1
constexpr std::size_t display_limit = 256;
constexpr std::array<std::string_view, 3> reserved_databases{"postgres", "template0", "template1"};
// `public` and `none` are words of GRANT and SET ROLE, which no role can be called.
constexpr std::array<std::string_view, 5> reserved_roles{"argonauth", "neon_auth", "postgres", "public", "none"};

/// Takes one character off the front; nothing when the bytes are no UTF-8 (RFC 3629: no surrogates, no overlong forms).
std::optional<std::uint32_t> take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(0);
    const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() < size) return {};
    std::uint32_t character = size == 1 ? first : first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        character = character << 6 | (byte(i) & 0x3F);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (character < smallest[size] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) return {};
    text.remove_prefix(size);
    return character;
}

bool is_control(std::uint32_t character) { return character < 0x20 || (character >= 0x7F && character < 0xA0); }

std::optional<std::string> check_identifier(std::string_view name) {
    if (name.empty()) return "Invalid name: must not be empty";
    if (name.size() > identifier_limit) return "Invalid name: at most 63 bytes are allowed";
    if (!is_plain_text(name)) return "Invalid name: control characters are not allowed";
    return {};
}

void describe_length(json::Object& schema, std::size_t limit) {
    schema["minLength"] = 1;
    schema["maxLength"] = limit;
}

bool contains(const auto& list, std::string_view name) { return std::ranges::find(list, name) != list.end(); }
}  // namespace

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const auto character = take_character(text);
        if (!character || is_control(*character)) return false;
    }
    return true;
}

std::optional<std::string> DisplayNameCheck::operator()(std::string_view name) const {
    if (name.empty()) return "Invalid name: must not be empty";
    if (json::utf16_length(name) > display_limit) return "Invalid name: at most 256 characters are allowed";
    if (!is_plain_text(name)) return "Invalid name: control characters are not allowed";
    return {};
}

std::optional<std::string> DatabaseNameCheck::operator()(std::string_view name) const {
    if (contains(reserved_databases, name)) return "Invalid name: reserved for the system";
    return check_identifier(name);
}

std::optional<std::string> RoleNameCheck::operator()(std::string_view name) const {
    if (name.starts_with("pg_") || contains(reserved_roles, name)) return "Invalid name: reserved for the system";
    return check_identifier(name);
}

void DisplayNameCheck::describe(json::Object& schema) const { describe_length(schema, display_limit); }

void DatabaseNameCheck::describe(json::Object& schema) const { describe_length(schema, identifier_limit); }

void RoleNameCheck::describe(json::Object& schema) const { describe_length(schema, identifier_limit); }
}  // namespace argon::branches
