// What the process asks of the system before it starts.
#pragma once

namespace argon::app {

/// Raises the limit of open descriptors as far as the system allows: each connection takes one.
void raise_descriptor_limit();
}  // namespace argon::app
