#include "crypto/scrypt_workspace.hpp"

#include <memory>
#include <new>
#include <stdexcept>

#include <string.h>
#include <sys/mman.h>

namespace argon::crypto {
namespace {
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t table_bytes = ScryptCost{}.table_words() * sizeof(std::uint32_t);
static_assert(table_bytes % huge_page == 0);
}  // namespace

/// What fits the first-level cache, behind the tables.
struct ScryptWorkspace::Small {
    ScryptScratch scratch;
    alignas(64) std::uint32_t block[max_scrypt_lanes][ScryptCost{.r = max_scrypt_r}.block_words()];
};

ScryptWorkspace::ScryptWorkspace(std::size_t lanes) : lanes_(lanes) {
    if (lanes == 0 || lanes > max_scrypt_lanes) throw std::invalid_argument("ScryptWorkspace: 1 to 8 lanes");
}

void ScryptWorkspace::release() {
    if (mapping_ != nullptr) munmap(mapping_, huge_page + lanes_ * table_bytes + sizeof(Small));
    mapping_ = nullptr;
}

std::byte* ScryptWorkspace::tables() {
    // One huge page more than needed, so that the tables can start at a multiple of it.
    std::size_t space = huge_page + lanes_ * table_bytes + sizeof(Small);
    if (mapping_ == nullptr) {
        void* const mapping = mmap(nullptr, space, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapping == MAP_FAILED) throw std::bad_alloc();
        mapping_ = mapping;
        // Advice only: random reads over 32 MiB miss the TLB without huge pages, and no core dump needs our tables.
        madvise(mapping, space, MADV_HUGEPAGE);
        madvise(mapping, space, MADV_DONTDUMP);
    }
    void* start = mapping_;
    return static_cast<std::byte*>(std::align(huge_page, lanes_ * table_bytes, start, space));
}

ScryptWorkspace::Small& ScryptWorkspace::small() { return *reinterpret_cast<Small*>(tables() + lanes_ * table_bytes); }

ScryptLane ScryptWorkspace::lane(std::size_t index) {
    return {small().block[index], reinterpret_cast<std::uint32_t*>(tables() + index * table_bytes)};
}

ScryptScratch& ScryptWorkspace::scratch() { return small().scratch; }

void ScryptWorkspace::wipe(std::size_t lanes, ScryptCost cost) {
    for (std::size_t i = 0; i < lanes; ++i) explicit_bzero(lane(i).table, cost.table_words() * sizeof(std::uint32_t));
    explicit_bzero(&small(), sizeof(Small));
}
}  // namespace argon::crypto
