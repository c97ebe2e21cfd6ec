// `argonauth serve`: a node of a production installation. It keeps nothing itself: all state is in PostgreSQL, and any number of nodes
// work on the same.
#pragma once

#include "app/options.hpp"

namespace argon::app {

/// Returns the exit status when start-up failed; after SIGINT or SIGTERM the process ends in here. `problems` were found before.
int run_serve(const ServeOptions& options, std::vector<std::string> problems);
}  // namespace argon::app
