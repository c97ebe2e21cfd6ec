#include "crypto/bcrypt.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <crypt.h>

#include "crypto/mac.hpp"
#include "crypto/random.hpp"
#include "crypto/sodium.hpp"

namespace argon::crypto {
namespace {
constexpr std::size_t hash_size = 60;
constexpr std::size_t salt_at = 7;
constexpr std::string_view alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr unsigned long cost = 10;

/// Its work space is too large for a stack, and holds traces of the password.
std::string run(const std::string& password, const std::string& setting) {
    const auto space = std::make_unique<crypt_data>();
    const char* hash = crypt_r(password.c_str(), setting.c_str(), space.get());
    std::string result = hash ? hash : "";
    sodium_memzero(space.get(), sizeof(crypt_data));
    return result;
}
}  // namespace

bool is_bcrypt(std::string_view text) {
    if (text.size() != hash_size || !text.starts_with("$2") || std::string_view{"aby"}.find(text[2]) == std::string_view::npos) return false;
    const auto rounds = text.substr(3, 4);
    if (rounds < "$04$" || rounds > "$14$" || rounds[0] != '$' || rounds[3] != '$' || rounds[2] < '0' || rounds[2] > '9') return false;
    return std::ranges::all_of(text.substr(salt_at), [](char c) { return alphabet.find(c) != std::string_view::npos; });
}

std::string hash_bcrypt(const std::string& password) {
    const auto entropy = random_bytes(16);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    if (!crypt_gensalt_rn("$2b$", cost, entropy.data(), static_cast<int>(entropy.size()), setting, sizeof setting)) {
        throw std::runtime_error("libcrypt has no bcrypt");
    }
    auto hash = run(password, setting);
    if (!is_bcrypt(hash)) throw std::runtime_error("libcrypt made no bcrypt hash");
    return hash;
}

bool verify_bcrypt(const std::string& password, const std::string& stored) { return is_bcrypt(stored) && equal(run(password, stored), stored); }
}  // namespace argon::crypto
