// What every face of the program works with. Made once at start-up (app/), outlives all requests.
#pragma once

#include <memory>
#include <vector>

#include "api/oauth.hpp"
#include "base/io_threads.hpp"
#include "base/workers.hpp"
#include "branches/addresses.hpp"
#include "branches/compute.hpp"
#include "branches/database_proxy.hpp"
#include "branches/registry.hpp"
#include "crypto/secret_key.hpp"
#include "pg/pool.hpp"

namespace argon::api {

class Delivery;
class Limits;

struct Services {
    IoThreads& threads;
    Workers& workers;
    branches::Compute& compute;
    branches::Registry& registry;
    branches::DatabaseProxy& proxy;
    const crypto::MasterKey& master_key;
    branches::Addresses addresses;
    /// One pool of the control database for each I/O thread.
    std::vector<std::unique_ptr<pg::Pool>> control_pools;
    /// Mails and webhooks on their way out (api/delivery.hpp); set before the first request.
    Delivery* delivery = nullptr;
    /// Identity providers' shared credentials and other addresses, as the operator has them.
    OauthConfig oauth{};
    /// Counters that all nodes share (api/limits.hpp); set before the first request.
    Limits* limits = nullptr;

    pg::Pool& control() const { return *control_pools[IoThreads::current_index()]; }
    asio::io_context& io() const { return threads.current(); }
};
}  // namespace argon::api
