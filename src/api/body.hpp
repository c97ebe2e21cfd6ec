// Request bodies: JSON, and forms where a route takes them (auth-wire-facts.md, fact 6).
#pragma once

#include <optional>

#include "base/error.hpp"
#include "http/message.hpp"
#include "json/value.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec invalid_json{400, "BAD_REQUEST", "Invalid JSON in request body"};
inline constexpr ErrorSpec invalid_form{400, "BAD_REQUEST", "The form is not encoded in UTF-8"};
inline constexpr ErrorSpec unsupported_media_type{415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported media type"};
inline constexpr ErrorSpec body_too_large{413, "PAYLOAD_TOO_LARGE", "The request body must not exceed 64 KiB"};
}  // namespace errors

/// Nothing for a body without a content type: it counts as no body. An empty JSON body is `{}`, as clients send it with a sign-out.
/// Form fields become strings, never anything else.
Result<std::optional<json::Value>> parse_body(const http::Request& request, bool accepts_form);
}  // namespace argon::api
