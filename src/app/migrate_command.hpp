// `argonauth migrate stack-to-better-auth`: moves a legacy project over the management API of a running server, with progress. It may be
// interrupted and run again.
#pragma once

#include "app/management_client.hpp"

namespace argon::app {

struct MigrateOptions : RemoteOptions {
    std::int64_t batch_size = 1000;
    bool dry_run = false;
};

/// The exit status: 0 when all is done (or planned), 1 when not, 2 for wrong usage. What goes wrong is said on standard error.
int migrate_legacy(const MigrateOptions& options, std::vector<std::string> problems);
}  // namespace argon::app
