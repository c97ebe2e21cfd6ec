// Text on pages.
#pragma once

#include <string>
#include <string_view>

namespace argon::api {

/// Good between tags and in quoted attributes.
std::string escape_html(std::string_view text);
}  // namespace argon::api
