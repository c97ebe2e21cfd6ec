// `argonauth branch attach`: registers a database in the control state, with or without a running node.
#pragma once

#include "app/options.hpp"

namespace argon::app {

/// Returns the exit status and explains a failure on standard error.
int attach_branch(const AttachOptions& options, std::vector<std::string> problems);
}  // namespace argon::app
