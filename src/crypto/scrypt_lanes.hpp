// ROMix, the part of scrypt that costs time and memory, over several passwords in step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace argon::crypto {

/// The defaults are Better Auth's parameters: 32 MiB a hash.
struct ScryptCost {
    std::size_t n = 16384;  // a power of two
    std::size_t r = 16;     // at most 16

    constexpr std::size_t block_words() const { return 32 * r; }
    constexpr std::size_t table_words() const { return n * block_words(); }
};

inline constexpr std::size_t max_scrypt_lanes = 8;
inline constexpr std::size_t max_scrypt_r = 16;

/// One password's share of the work.
struct ScryptLane {
    std::uint32_t* block;  // cost.block_words(): the input, replaced by the result
    std::uint32_t* table;  // cost.table_words(), 64-byte aligned: V of RFC 7914
};

/// All lanes' blocks while they are mixed, in two copies: the old and the new. Wiped by its owner.
struct alignas(64) ScryptScratch {
    std::byte bytes[2][128 * max_scrypt_r * max_scrypt_lanes];
};

/// Code for a number of lanes on some kind of CPU. Takes and leaves the words of a block in diagonal order.
struct ScryptKernel {
    std::string_view name;
    std::size_t lanes;
    void (*mix)(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch);
};

/// What this CPU can run with its best instruction set, by rising number of lanes. The last has max_scrypt_lanes.
std::span<const ScryptKernel> best_scrypt_kernels();

/// Every set that this CPU can run, the best first.
std::span<const std::span<const ScryptKernel>> all_scrypt_kernels();

/// The order of words within each 16 that kernels work on, and back.
void to_diagonals(std::span<std::uint32_t> block);
void from_diagonals(std::span<std::uint32_t> block);
}  // namespace argon::crypto
