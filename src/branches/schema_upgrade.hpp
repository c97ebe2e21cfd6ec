// The schemas of a branch's database as this program needs them: made by an earlier version, they are brought up to date when the branch is
// used for the first time.
#pragma once

#include "base/async.hpp"
#include "base/io_threads.hpp"
#include "base/workers.hpp"
#include "branches/compute.hpp"
#include "branches/registry.hpp"
#include "pg/pool.hpp"

namespace argon::branches {

/// Several nodes may do it at once. A database without our schema stays without it. Throws pg::Unavailable when a newer version of the program
/// made the schema, or when it cannot be changed.
awaitable<> upgrade_schema(Compute& compute, Workers& workers, asio::io_context& home, const LiveBranch& branch, pg::Pool& pool);
}  // namespace argon::branches
