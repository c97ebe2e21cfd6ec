// Sending browsers on from a link in a mail: targets were checked by guards.hpp, outcomes travel as query parameters
// (auth-wire-facts.md, facts 38-39).
#pragma once

#include <string>
#include <string_view>

#include "api/context.hpp"

namespace argon::api {

/// `url` with that query parameter, in place of one it had, before any fragment.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

/// A relative target as an absolute URL at the server's own origin; others as they are.
std::string resolve_target(const Context& ctx, std::string_view target);

/// 302; the page that follows, and whoever it loads from, does not learn the URL with its token.
http::Response send_on(std::string location);
}  // namespace argon::api
