// API keys: who calls the management API.
#pragma once

#include "api/management.hpp"

namespace argon::api {

/// `Authorization: Bearer KEY`, given once. A key in the query, a cookie or another scheme counts for nothing, and every way to
/// have no valid key gets the same answer.
awaitable<Result<Caller>> authenticate(const http::Request& request, Services& services, TimePoint now);
}  // namespace argon::api
