// A symmetric key of 32 bytes that is wiped when it goes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace argon::crypto {

class SecretKey {
public:
    static constexpr std::size_t size = 32;

    static SecretKey generate();
    /// Nothing unless there are 32 bytes.
    static std::optional<SecretKey> from_bytes(std::string_view bytes);

    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey();

    std::string_view bytes() const { return {bytes_.data(), size}; }

private:
    SecretKey() = default;

    std::array<char, size> bytes_{};
};

/// The key all others come from. It cannot encrypt: only a key derived for one purpose can.
class MasterKey {
public:
    explicit MasterKey(SecretKey key) : key_(key) {}

    /// The same purpose gives the same key, at every start and on every node.
    SecretKey derive(std::string_view purpose) const;

private:
    SecretKey key_;
};
}  // namespace argon::crypto
