// The schema of the control state in a database that others run: made and brought up to date by whichever node comes first.
#pragma once

#include "crypto/secret_key.hpp"
#include "pg/session.hpp"

namespace argon::branches {

/// Nodes that start at once wait for each other. Throws SetupError when the role may not, or when the server only reads.
void prepare_control_schema(pg::Session& control);

/// The first node leaves a text sealed with its key; every later one must be able to open it. Throws SetupError otherwise: with
/// another key every stored secret would be unreadable, and new ones would be unreadable for the other nodes.
void require_same_master_key(pg::Session& control, const crypto::MasterKey& master_key);

/// Rows of projects whose deletion was interrupted: nothing of an attached database goes with them.
void remove_abandoned(pg::Session& control);
}  // namespace argon::branches
