// `argonauth dev`: everything on one machine, with a first project ready to use.
#pragma once

#include "app/options.hpp"

namespace argon::app {

/// Returns the exit status when start-up failed; after SIGINT or SIGTERM the process ends in here. `problems` were found before.
int run_dev(const DevOptions& options, std::vector<std::string> problems);
}  // namespace argon::app
