#include "app/attached_control.hpp"

#include <fmt/format.h>

#include "branches/control_schema.hpp"
#include "branches/setup_error.hpp"
#include "pg/errors.hpp"

namespace argon::app {

pg::Session connect_control(pg::Locator& locator) {
    try {
        locator.resolve();
        return pg::Session{locator.conninfo()};
    } catch (const pg::Unavailable& error) {
        throw branches::SetupError{fmt::format("The control database of ARGONAUTH_DATABASE_URL cannot be reached: {}", error.what())};
    }
}

AttachedControl::AttachedControl(pg::Conninfo database, crypto::MasterKey key, const std::string& database_ca, std::size_t thread_count,
                                 branches::Addresses addresses)
    : threads(thread_count),
      master_key(std::move(key)),
      locator(std::make_shared<pg::Locator>(std::move(database), resolvers)),
      databases([this]() -> pg::Executor& { return services.control(); }, master_key, {.ca_file = database_ca}),
      registry(threads, databases, workers),
      proxy(threads.io(0), databases, "127.0.0.1"),
      services{.threads = threads,
               .workers = workers,
               .compute = databases,
               .registry = registry,
               .proxy = proxy,
               .master_key = master_key,
               .addresses = std::move(addresses),
               .control_pools = {}} {
    auto session = connect_control(*locator);
    branches::prepare_control_schema(session);
    branches::require_same_master_key(session, master_key);
    for (std::size_t i = 0; i < threads.size(); ++i) {
        services.control_pools.push_back(std::make_unique<pg::Pool>(threads.io(i), pg::PoolConfig{.conninfo = {}, .locator = locator}));
    }
}
}  // namespace argon::app
