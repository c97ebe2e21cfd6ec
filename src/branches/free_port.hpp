// A TCP port for a server on this machine.
#pragma once

#include <cstdint>

namespace argon::branches {

/// `preferred` if nobody listens there on 127.0.0.1, else any free port. Another program can still take it before the server does.
std::uint16_t pick_free_port(std::uint16_t preferred);
}  // namespace argon::branches
