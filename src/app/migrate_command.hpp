// `argonauth migrate stack-to-better-auth`: moves a legacy project over the management API, with progress; may be interrupted and run again.
#pragma once

#include "app/options.hpp"

namespace argon::app {

/// The exit status: 0 when all is done (or planned), 1 when not. What goes wrong is said on standard error.
int migrate_legacy(const MigrateOptions& options);
}  // namespace argon::app
