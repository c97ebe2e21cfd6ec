// Answers that take as long for a stranger as for a user.
#pragma once

#include <chrono>

#include "base/async.hpp"

namespace argon::api {

/// Waits until a whole number of tenths of a second have passed since `begun`: whether a row was written meanwhile does not show.
awaitable<> even_out(std::chrono::steady_clock::time_point begun);
}  // namespace argon::api
