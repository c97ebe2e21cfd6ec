// What `argonauth serve` and the commands beside it work with: the control database of the environment and the databases attached to
// it, with threads and connections.
#pragma once

#include <memory>

#include "api/services.hpp"
#include "app/secrets.hpp"
#include "branches/attached_databases.hpp"
#include "branches/database_proxy.hpp"
#include "branches/registry.hpp"
#include "pg/session.hpp"

namespace argon::app {

class AttachedControl {
public:
    /// Connects, brings the schema up to date and checks the master key. Throws SetupError. No thread runs yet.
    AttachedControl(pg::Conninfo database, crypto::MasterKey master_key, const std::string& database_ca, std::size_t thread_count,
                    branches::Addresses addresses);

    IoThreads threads;
    Workers workers{4};
    Workers resolvers{2};
    crypto::MasterKey master_key;
    std::shared_ptr<pg::Locator> locator;
    branches::AttachedDatabases databases;
    branches::Registry registry;
    branches::DatabaseProxy proxy;  // opens nothing: users connect to their databases themselves
    api::Services services;
};

/// A session to a control database, as a subcommand or a start needs it. Throws SetupError.
pg::Session connect_control(pg::Locator& locator);
}  // namespace argon::app
