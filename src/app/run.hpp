// The command line: picks the subcommand and runs it.
#pragma once

namespace argon::app {

/// The process's exit status: 0 stopped as asked, 1 could not start or go on, 2 wrong flags or environment.
int run(int argc, char** argv);
}  // namespace argon::app
