// What it takes to make, change and remove projects. Put together for one request, on the thread that serves it.
#pragma once

#include "base/async.hpp"
#include "base/workers.hpp"
#include "branches/compute.hpp"
#include "branches/database_proxy.hpp"
#include "branches/registry.hpp"
#include "crypto/secret_key.hpp"
#include "pg/pool.hpp"

namespace argon::branches {

struct Engine {
    pg::Pool& control;
    asio::io_context& home;
    Workers& workers;
    Compute& clusters;
    Registry& registry;
    DatabaseProxy& proxy;
    const crypto::MasterKey& master_key;
};
}  // namespace argon::branches
