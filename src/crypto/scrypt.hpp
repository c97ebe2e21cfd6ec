// scrypt (RFC 7914) with p = 1, for one password or for several at once.
//
// One hash waits for its own chain of dependent instructions and leaves most of a core idle. Independent passwords fill
// that room: eight of them, computed in step ("lanes"), take about as long as one in OpenSSL. Every result is the
// same as OpenSSL's; only the time differs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/scrypt_lanes.hpp"
#include "crypto/scrypt_workspace.hpp"

namespace argon::crypto {

/// One password to hash; the views must outlive the call.
struct ScryptJob {
    std::string_view password;
    std::string_view salt;
    std::span<std::uint8_t> out;
};

/// Fills every job's `out`, workspace.lanes() jobs at a time. Takes milliseconds: belongs on a hash thread.
/// Throws std::bad_alloc when the workspace gets no memory.
void scrypt_many(std::span<const ScryptJob> jobs, ScryptWorkspace& workspace, ScryptCost cost = {});

/// The same in one step with a given kernel: at most kernel.lanes jobs.
void scrypt_batch(const ScryptKernel& kernel, std::span<const ScryptJob> jobs, ScryptWorkspace& workspace, ScryptCost cost = {});

/// One password by OpenSSL, with memory of its own: the reference for the lanes.
void scrypt_one(const ScryptJob& job, ScryptCost cost = {});

/// Compares every lane that scrypt_many uses on this CPU with OpenSSL, with a small table: 3 ms, before a server trusts its lanes.
bool scrypt_self_test();
}  // namespace argon::crypto
