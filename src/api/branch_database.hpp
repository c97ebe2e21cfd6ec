// The way from an endpoint of the management API to the schema neon_auth of its branch.
#pragma once

#include <memory>

#include "api/management.hpp"

namespace argon::api {

struct BranchDatabase {
    BranchId branch;
    /// This thread's connections to the database of the branch's auth service, as the role that owns neon_auth.
    std::shared_ptr<pg::Pool> pool;
    std::shared_ptr<branches::LiveBranch> live;
};

/// For the branch of the path; starts it when it is stopped. Refuses with 404 where auth is not enabled.
awaitable<Result<BranchDatabase>> require_auth_database(ManagementContext& ctx);
}  // namespace argon::api
