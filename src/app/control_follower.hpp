// Keeps a node in step with the others: listens on the control database and forgets what changed there.
#pragma once

#include <memory>

#include "api/services.hpp"
#include "branches/attached_databases.hpp"
#include "pg/locator.hpp"

namespace argon::app {

/// Runs until the program ends. After a lost connection everything is taken as changed.
awaitable<> follow_control(api::Services& services, branches::AttachedDatabases& databases, std::shared_ptr<pg::Locator> control);
}  // namespace argon::app
