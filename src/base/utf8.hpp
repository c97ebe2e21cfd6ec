// UTF-8 as PostgreSQL accepts it.
#pragma once

#include <string_view>

namespace argon {

/// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
/// As above and without NUL: what a text column takes.
bool is_storable_text(std::string_view text);
}  // namespace argon
