#include "base/utf8.hpp"

#include <doctest/doctest.h>

namespace argon {

TEST_CASE("utf8: well-formed text only") {
    for (const std::string_view good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\xA6\x8A", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"})
        CHECK(is_utf8(good));
    for (const std::string_view bad :
         {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x9F\xA6", "a\xC3(b"})
        CHECK_FALSE(is_utf8(bad));
}
}  // namespace argon
