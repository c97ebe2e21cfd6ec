// Reading users out of answers.
#pragma once

#include "legacy/users.hpp"
#include "pg/rows.hpp"

namespace argon::legacy {

/// From the text of ARGON_LEGACY_USER.
User to_user(const std::string& text);
}  // namespace argon::legacy
