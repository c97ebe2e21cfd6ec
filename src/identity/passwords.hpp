// Password hashing off the I/O threads: a few hash threads behind a bounded queue. Beyond it the answer is 503, never a slow server.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/async.hpp"
#include "base/error.hpp"
#include "identity/accounts.hpp"

namespace argon::identity {

struct HashConfig {
    std::size_t threads = 2;
    /// Passwords hashed side by side on one thread; each takes 32 MiB while it runs.
    std::size_t lanes = 4;
    /// Waiting passwords; the next one is refused.
    std::size_t queue = 64;
};

class Passwords {
public:
    explicit Passwords(HashConfig config);
    ~Passwords();

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
    class Impl;
    std::unique_ptr<Impl> impl_;
};
}  // namespace argon::identity
