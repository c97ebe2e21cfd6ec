// A request body to begin with: what must be there, with values that could be real.
#pragma once

#include "json/value.hpp"

namespace argon::api {

/// The required members of an object's schema; where none is required, the first one.
json::Object make_example(const json::Object& schema);
}  // namespace argon::api
