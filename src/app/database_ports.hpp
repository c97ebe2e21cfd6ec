// The TCP ports of branches' databases at start-up.
#pragma once

#include "branches/database_proxy.hpp"
#include "pg/session.hpp"

namespace argon::app {

/// Opens the port of every branch that is not open yet. One that another program took is replaced for good, and the log says so:
/// a changed connection string is better than no database.
void open_database_ports(pg::Session& control, branches::DatabaseProxy& proxy, branches::Compute& compute);
}  // namespace argon::app
