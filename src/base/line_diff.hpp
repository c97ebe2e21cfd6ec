// What `diff -u` prints for two texts.
#pragma once

#include <string>
#include <string_view>

namespace argon {

/// Empty when there is no difference. The names are those of the two header lines.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name, std::string_view after_name);
}  // namespace argon
