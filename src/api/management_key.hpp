// API keys: who calls the management API.
#pragma once

#include "api/management.hpp"
#include "api/management_path.hpp"

namespace argon::api {

/// `Authorization: Bearer KEY`, given once. A key in the query, a cookie or another scheme counts for nothing, and every way to
/// have no valid key gets the same answer.
awaitable<Result<Caller>> authenticate(const http::Request& request, Services& services, TimePoint now);

/// Whether a key that is limited to a project or to reading may do this.
Result<> check_limits(const Caller& caller, http::Method method, const ManagementRoute& route, const PathParameters& parameters);

/// As check_limits, for a project that is named somewhere else than in the path.
Result<> check_project_limit(const Caller& caller, const ProjectId& project);
}  // namespace argon::api
