// `argonauth dev`: everything on one machine, with a first project ready to use.
#pragma once

#include "app/options.hpp"

namespace argon::app {

/// Returns after SIGINT or SIGTERM, or when start-up failed. The exit status.
int run_dev(const DevOptions& options);
}  // namespace argon::app
