#include "crypto/scrypt_lanes.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "crypto/scrypt_mix.hpp"

namespace argon::crypto {
namespace {

// Measured per batch at N=16384, r=16 on a Zen 5 core, where OpenSSL takes 60 ms for one hash.
// A lone password has a kernel only where that beats OpenSSL.
#if defined(__x86_64__)
#define ARGON_AVX512 [[gnu::target("avx512f,avx512vl")]]
ARGON_AVX512 void avx512_1(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<1, 1>::run(cost, lanes, scratch); }
ARGON_AVX512 void avx512_4(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<4, 1>::run(cost, lanes, scratch); }
ARGON_AVX512 void avx512_8(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<4, 2>::run(cost, lanes, scratch); }
constexpr ScryptKernel avx512[] = {
    {"avx512 x1", 1, avx512_1},  // 53 ms
    {"avx512 x4", 4, avx512_4},  // 57 ms
    {"avx512 x8", 8, avx512_8},  // 65 ms
};
#undef ARGON_AVX512

#define ARGON_AVX2 [[gnu::target("avx2")]]
ARGON_AVX2 void avx2_4(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<2, 2>::run(cost, lanes, scratch); }
ARGON_AVX2 void avx2_8(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<2, 4>::run(cost, lanes, scratch); }
constexpr ScryptKernel avx2[] = {
    {"avx2 x4", 4, avx2_4},  // 78 ms
    {"avx2 x8", 8, avx2_8},  // 121 ms
};
#undef ARGON_AVX2
#endif

// 128-bit vectors: SSE2 on x86-64, NEON on ARM.
void baseline_4(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<1, 4>::run(cost, lanes, scratch); }
void baseline_8(ScryptCost cost, const ScryptLane* lanes, ScryptScratch& scratch) { ScryptMix<1, 8>::run(cost, lanes, scratch); }
constexpr ScryptKernel baseline[] = {
    {"128-bit x4", 4, baseline_4},  // 92 ms
    {"128-bit x8", 8, baseline_8},  // 170 ms
};

std::vector<std::span<const ScryptKernel>> find_kernels() {
    std::vector<std::span<const ScryptKernel>> found;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) found.emplace_back(avx512);
    if (__builtin_cpu_supports("avx2")) found.emplace_back(avx2);
#endif
    found.emplace_back(baseline);
    return found;
}
}  // namespace

std::span<const std::span<const ScryptKernel>> all_scrypt_kernels() {
    static const auto kernels = find_kernels();
    return kernels;
}

std::span<const ScryptKernel> best_scrypt_kernels() { return all_scrypt_kernels().front(); }

void to_diagonals(std::span<std::uint32_t> block) {
    for (; !block.empty(); block = block.subspan(16)) {
        std::array<std::uint32_t, 16> words;
        std::ranges::copy(block.first(16), words.begin());
        for (std::size_t i = 0; i < 16; ++i) block[i] = words[i * 5 % 16];
    }
}

void from_diagonals(std::span<std::uint32_t> block) {
    for (; !block.empty(); block = block.subspan(16)) {
        std::array<std::uint32_t, 16> words;
        std::ranges::copy(block.first(16), words.begin());
        for (std::size_t i = 0; i < 16; ++i) block[i * 5 % 16] = words[i];
    }
}
}  // namespace argon::crypto
