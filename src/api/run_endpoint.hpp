// An endpoint of the management API, run to its answer, also where the tenant has spoilt the branch's database.
#pragma once

#include "api/management.hpp"

namespace argon::api {

/// Schema neon_auth is in the tenant's database: its owner can drop a table, rename a column or add a trigger. What a statement there
/// fails with then is no fault of ours, and refused with 422; with 404 when auth was disabled meanwhile.
awaitable<Result<http::Response>> run_endpoint(const ManagementRoute& route, ManagementContext& ctx);
}  // namespace argon::api
