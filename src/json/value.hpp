// Parsed JSON. Boost.JSON does the parsing (UTF-8 checked, depth 32, the last of duplicate keys wins as in JavaScript).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace argon::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

/// Nothing when the text is not one JSON value.
std::optional<Value> parse(std::string_view text);

/// As JSON.stringify writes it.
std::string to_text(const Value& value);

/// The member, or nullptr when it is absent or `value` is no object.
const Value* find(const Value& value, std::string_view member);

/// zod's name for a value's type: undefined (nullptr), null, string, number, boolean, array or object.
std::string_view type_name(const Value* value);
/// As JavaScript's `if (value)`.
bool is_truthy(const Value& value);
}  // namespace argon::json
