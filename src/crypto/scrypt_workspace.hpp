// The memory scrypt's lanes work in: 32 MiB each, kept from one batch to the next, since the kernel needs longer to find and
// clear pages than we need to wipe them. One workspace belongs to one hash thread.
#pragma once

#include <cstddef>

#include "crypto/scrypt_lanes.hpp"

namespace argon::crypto {

class ScryptWorkspace {
public:
    /// Bounds the memory to 32 MiB times `lanes`, which is 1 to 8. Takes none before the first hash, and no more than the lanes used.
    explicit ScryptWorkspace(std::size_t lanes = max_scrypt_lanes);
    ~ScryptWorkspace() { release(); }
    ScryptWorkspace(const ScryptWorkspace&) = delete;
    ScryptWorkspace& operator=(const ScryptWorkspace&) = delete;

    std::size_t lanes() const { return lanes_; }

    /// Gives the memory back to the system; the next hash takes it anew. For a thread that has had nothing to do for a while.
    void release();

    // For scrypt_batch. Throws std::bad_alloc.
    ScryptLane lane(std::size_t index);
    ScryptScratch& scratch();
    /// Overwrites what a batch of `lanes` left behind: from a table's first entry a password could be guessed cheaply.
    void wipe(std::size_t lanes, ScryptCost cost);

private:
    struct Small;

    std::byte* tables();
    Small& small();

    std::size_t lanes_;
    void* mapping_ = nullptr;
};
}  // namespace argon::crypto
