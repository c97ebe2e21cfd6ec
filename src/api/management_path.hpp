// Paths of the management API: templates with {names}, matched segment by segment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace argon::api {

/// Segments of a path that stand where a template has {names}, still percent-encoded.
using RawParameters = std::map<std::string, std::string, std::less<>>;
using PathParameters = std::map<std::string, std::string, std::less<>>;

/// Nothing when the path has another form. Both start with a slash.
std::optional<RawParameters> match_path(std::string_view path_template, std::string_view path);

/// `^[a-z0-9-]{1,60}$`, the form of every id in a path.
bool is_path_id(std::string_view text);

/// Decodes and checks: parameters called `..._name` are one to 63 bytes of plain text, all others are ids.
/// `auth_provider` may have the one underscore that there is.
Result<PathParameters> check_parameters(const RawParameters& raw);
}  // namespace argon::api
