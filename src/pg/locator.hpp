// Where the servers of a connection string are right now. libpq resolves host names while everybody waits, so they are resolved here,
// on a thread that may wait, and libpq gets addresses. Names are looked up again after a failure and every half minute of use.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/workers.hpp"
#include "pg/conninfo.hpp"

namespace argon::pg {

class Locator : public std::enable_shared_from_this<Locator> {
public:
    /// `resolvers` are threads for nothing else: a name server that does not answer must not hold up what others wait for.
    Locator(Conninfo info, Workers& resolvers) : info_(std::move(info)), resolvers_(resolvers) {}

    const Conninfo& info() const { return info_; }

    /// False when every host is an address or a socket: then resolve() does not block.
    bool needs_lookup() const;
    /// Blocks as long as the name servers take. Throws Unreachable when no host has an address.
    void resolve();
    bool is_resolved() const;
    /// What to connect with now; on an I/O thread.
    std::string conninfo();
    /// A connection could not be made. The next attempt begins with the next host, so that one which swallows packets hides no other.
    void note_failure();

private:
    void resolve_behind();

    const Conninfo info_;
    Workers& resolvers_;
    mutable std::mutex mutex_;
    std::vector<Host> hosts_;  // every address of every host
    std::size_t first_ = 0;
    bool suspect_ = false;
    std::chrono::steady_clock::time_point resolved_at_;
    std::atomic<bool> resolving_{false};
};
}  // namespace argon::pg
