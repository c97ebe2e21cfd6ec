// Password hashing off the I/O threads: a few hash threads behind a bounded queue, in which branches take turns. Beyond it the answer is 503,
// never a slow server.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "identity/accounts.hpp"

namespace argon::identity {

struct HashConfig {
    std::size_t threads = 2;
    /// Passwords hashed side by side on one thread; each takes 32 MiB while it runs.
    std::size_t lanes = 4;
    /// Waiting passwords, of one branch and of all; the next one is refused.
    std::size_t queue_of_branch = 64;
    std::size_t queue = 256;
};

class HashThreads {
public:
    explicit HashThreads(HashConfig config);
    ~HashThreads();

private:
    friend class Passwords;
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// A branch's passwords. Neither argument is copied.
class Passwords {
public:
    Passwords(HashThreads& threads, const BranchId& branch) : impl_(*threads.impl_), branch_(branch.value) {}

    /// `saltHex:keyHex`, Better Auth's form. Refused with `unavailable` when the queue is full.
    awaitable<Result<std::string>> hash(asio::io_context& home, std::string password);
    /// Whether the password fits. Without a usable stored hash it costs the same time and does not fit: timing tells nobody
    /// which accounts exist. bcrypt hashes, which move here with users of other programs, are checked as what they are.
    awaitable<Result<bool>> verify_or_burn(asio::io_context& home, std::optional<std::string> stored_hash, std::string password);

    /// As above, for bcrypt hashes (crypto/bcrypt.hpp), which look at the first 72 bytes alone: longer passwords fit nothing, and to
    /// hash one is a fault of the caller's.
    awaitable<Result<std::string>> hash_bcrypt(asio::io_context& home, std::string password);
    awaitable<Result<bool>> verify_bcrypt_or_burn(asio::io_context& home, std::optional<std::string> stored_hash, std::string password);

private:
    HashThreads::Impl& impl_;
    std::string_view branch_;
};
}  // namespace argon::identity
