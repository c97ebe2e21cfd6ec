// What it takes to make, change and remove projects. Put together for one request, on the thread that serves it.
#pragma once

#include "base/async.hpp"
#include "base/error.hpp"
#include "base/workers.hpp"
#include "branches/compute.hpp"
#include "branches/database_proxy.hpp"
#include "branches/registry.hpp"
#include "crypto/secret_key.hpp"
#include "pg/pool.hpp"

namespace argon::branches {

namespace errors {
inline constexpr ErrorSpec made_elsewhere{
    422, "",
    "this server makes no databases, roles or copies of branches: make it where the database runs, and what shall be a branch of its own is attached "
    "with POST /projects/{project_id}/branches/attach or `argonauth branch attach`"};
}  // namespace errors

struct Engine {
    pg::Pool& control;
    asio::io_context& home;
    Workers& workers;
    Compute& compute;
    Registry& registry;
    DatabaseProxy& proxy;
    const crypto::MasterKey& master_key;
    /// The operator shares credentials for Google: auth begins with it, as in the cloud.
    bool shares_google = false;
};
}  // namespace argon::branches
