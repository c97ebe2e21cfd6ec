// What PostgreSQL's words mean when it does not start, and what to do then.
#pragma once

#include <string>
#include <string_view>

#include "branches/postgres_settings.hpp"

namespace argon::branches {

std::string_view last_lines(std::string_view text, int count);
/// One or two sentences for the failures that operators meet; empty for the others.
std::string explain_cause(std::string_view log, const ClusterSettings& settings);
/// What the end of a failed server's log means and what to do, then the log's last lines.
std::string explain_failure(std::string_view log, const ClusterSettings& settings);
}  // namespace argon::branches
