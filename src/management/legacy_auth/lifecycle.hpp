// The legacy provider on a branch, switched on and off. Its users live in schemas neon_auth and stack_auth of the branch's database and
// stay there unless somebody asks for their removal.
#pragma once

#include <optional>
#include <string>

#include "branches/auth_lifecycle.hpp"
#include "branches/integration_records.hpp"

namespace argon::management::legacy_auth {

struct MadeIntegration {
    branches::Integration integration;
    branches::LegacyKeyPair keys;
};

/// In the branch's default database unless another is named. Of several calls at once one succeeds and the others get 409.
awaitable<Result<MadeIntegration>> enable(branches::Engine engine, branches::Project project, BranchId branch, std::optional<std::string> database);

/// The keys are gone with it. With `delete_data` both schemas go, and everything in them.
awaitable<Result<>> disable(branches::Engine engine, branches::Integration integration, bool delete_data);
}  // namespace argon::management::legacy_auth
