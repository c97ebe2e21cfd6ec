// Responses as bytes.
#pragma once

#include <string>

#include "http/message.hpp"

namespace argon::http {

/// `head_only` leaves the body out (HEAD). Every answer carries Date, Content-Length and the security headers that fit all of them.
std::string serialize(const Response& response, bool head_only, bool keep_alive);
}  // namespace argon::http
