#pragma once

#include <chrono>

#include "base/async.hpp"

namespace argon {

/// Resumes on `io` when the time has passed.
awaitable<> sleep(asio::io_context& io, std::chrono::steady_clock::duration pause);
}  // namespace argon
