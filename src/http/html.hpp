// Text on pages and in mails.
#pragma once

#include <string>
#include <string_view>

namespace argon::http {

/// Good between tags and in quoted attributes.
std::string escape_html(std::string_view text);
}  // namespace argon::http
