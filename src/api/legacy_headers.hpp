// The two families of headers: SDKs up to 2.8.102 say `x-stack-...`, later ones `x-hexclave-...`. Both are read, and both are sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace argon::api {

/// `name` without its prefix.
std::optional<std::string_view> find_either(const http::Request& request, std::string_view name);
void set_both(http::Response& response, std::string_view name, std::string value);

/// What every answer gets: access from any origin (keys and tokens are sent by scripts, never by cookies), no caching unless the answer
/// says otherwise, the request's id, and 4xx turned into 200 where the client asked for that.
void finish_legacy(const http::Request& request, std::string_view request_id, http::Response& response);
}  // namespace argon::api
