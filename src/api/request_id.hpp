// Every answer names its request, so that a report from a user can be found in the log.
#pragma once

#include <string>

#include "http/message.hpp"

namespace argon::api {

/// The client's X-Request-ID when it is 1-128 characters of [A-Za-z0-9._-], else a new UUID.
std::string request_id(const http::Request& request);
}  // namespace argon::api
