// Responses as bytes.
#pragma once

#include <optional>
#include <string>

#include "http/message.hpp"

namespace argon::http {

/// How the end of a body is known.
enum class Framing {
    length,   ///< Content-Length
    chunked,  ///< its parts say so
    close,    ///< the connection ends with it: for HTTP/1.0 clients
};

/// `head_only` leaves the body out (HEAD). Every answer carries Date and the security headers that fit all of them.
std::string serialize(const Response& response, bool head_only, bool keep_alive, Framing framing);
/// A part of a body. Nothing for the end of it.
std::string serialize_part(std::optional<std::string> part, Framing framing);
}  // namespace argon::http
