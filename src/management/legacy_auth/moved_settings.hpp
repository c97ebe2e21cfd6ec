// A legacy project's settings in the newer service's spelling.
#pragma once

#include "branches/integration_records.hpp"
#include "json/value.hpp"

namespace argon::management::legacy_auth {

/// Members are columns of neon_auth.project_config; secrets are sealed for their new place.
json::Object make_settings(const crypto::MasterKey& master, const branches::Integration& integration);
}  // namespace argon::management::legacy_auth
