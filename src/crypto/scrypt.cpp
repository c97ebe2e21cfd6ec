#include "crypto/scrypt.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>

namespace argon::crypto {
namespace {
using Bytes = std::span<std::uint8_t>;

const std::uint8_t* data(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

/// The first and last step of scrypt; one iteration, since the cost is in between.
void pbkdf2(std::string_view password, std::string_view salt, Bytes out) {
    const int done = PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), data(salt), static_cast<int>(salt.size()), 1, EVP_sha256(),
                                       static_cast<int>(out.size()), out.data());
    if (done != 1) throw std::runtime_error("scrypt: PBKDF2 failed");
}

void require_valid(ScryptCost cost) {
    const bool valid = cost.n > 1 && std::has_single_bit(cost.n) && cost.r >= 1 && cost.r <= max_scrypt_r && cost.n <= ScryptCost{}.table_words() &&
                       cost.table_words() <= ScryptCost{}.table_words();
    if (!valid) throw std::invalid_argument("scrypt: unsupported cost");
}

/// Leaves no trace of a batch, however it ends.
struct WipeAfterwards {
    ScryptWorkspace& workspace;
    std::size_t lanes;
    ScryptCost cost;

    ~WipeAfterwards() { workspace.wipe(lanes, cost); }
};

const ScryptKernel& smallest_kernel_for(std::size_t jobs) {
    const auto kernels = best_scrypt_kernels();
    return *std::ranges::find_if(kernels, [&](const ScryptKernel& kernel) { return kernel.lanes >= jobs; });
}
}  // namespace

void scrypt_many(std::span<const ScryptJob> jobs, ScryptWorkspace& workspace, ScryptCost cost) {
    while (!jobs.empty()) {
        const auto batch = jobs.first(std::min(jobs.size(), workspace.lanes()));
        const ScryptKernel& kernel = smallest_kernel_for(batch.size());
        if (batch.size() == 1 && kernel.lanes > 1) {
            scrypt_one(batch.front(), cost);
        } else {
            scrypt_batch(kernel, batch, workspace, cost);
        }
        jobs = jobs.subspan(batch.size());
    }
}

void scrypt_batch(const ScryptKernel& kernel, std::span<const ScryptJob> jobs, ScryptWorkspace& workspace, ScryptCost cost) {
    require_valid(cost);
    if (jobs.empty() || jobs.size() > std::min(kernel.lanes, workspace.lanes())) throw std::invalid_argument("scrypt: too many jobs");

    // A kernel always computes all its lanes: those without a job repeat the first one, in its memory.
    std::array<ScryptLane, max_scrypt_lanes> lanes;
    lanes.fill(workspace.lane(0));
    const WipeAfterwards wipe{workspace, jobs.size(), cost};
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        lanes[i] = workspace.lane(i);
        const std::span block{lanes[i].block, cost.block_words()};
        pbkdf2(jobs[i].password, jobs[i].salt, Bytes{reinterpret_cast<std::uint8_t*>(block.data()), block.size_bytes()});
        to_diagonals(block);
    }
    kernel.mix(cost, lanes.data(), workspace.scratch());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const std::span block{lanes[i].block, cost.block_words()};
        from_diagonals(block);
        pbkdf2(jobs[i].password, {reinterpret_cast<const char*>(block.data()), block.size_bytes()}, jobs[i].out);
    }
}

void scrypt_one(const ScryptJob& job, ScryptCost cost) {
    require_valid(cost);
    // OpenSSL wants room for the table and a few blocks more.
    const std::uint64_t memory_limit = (cost.table_words() + 8 * cost.block_words()) * sizeof(std::uint32_t);
    const int done = EVP_PBE_scrypt(job.password.data(), job.password.size(), data(job.salt), job.salt.size(), cost.n, cost.r, 1, memory_limit,
                                    job.out.data(), job.out.size());
    if (done != 1) throw std::runtime_error("scrypt: OpenSSL failed");
}

bool scrypt_self_test() {
    constexpr ScryptCost cost{.n = 32, .r = 16};
    using Key = std::array<std::uint8_t, 64>;
    std::array<std::string, max_scrypt_lanes> passwords;
    std::array<Key, max_scrypt_lanes> expected;
    for (std::size_t i = 0; i < max_scrypt_lanes; ++i) {
        passwords[i] = "password " + std::to_string(i);
        scrypt_one({passwords[i], "salt", expected[i]}, cost);
    }

    ScryptWorkspace workspace;
    for (const ScryptKernel& kernel : best_scrypt_kernels()) {
        std::array<Key, max_scrypt_lanes> actual{};
        std::array<ScryptJob, max_scrypt_lanes> jobs;
        for (std::size_t i = 0; i < kernel.lanes; ++i) jobs[i] = {passwords[i], "salt", actual[i]};
        scrypt_batch(kernel, std::span{jobs}.first(kernel.lanes), workspace, cost);
        if (!std::ranges::equal(std::span{actual}.first(kernel.lanes), std::span{expected}.first(kernel.lanes))) return false;
    }
    return true;
}
}  // namespace argon::crypto
