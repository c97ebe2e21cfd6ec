// The TCP ports on which users reach the databases of their branches. A connection wakes a stopped branch, and a branch with
// connections is not stopped. Bytes pass unread, so TLS and SCRAM stay between the client and PostgreSQL.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/async.hpp"
#include "branches/compute.hpp"

namespace argon::branches {

class DatabaseProxy {
public:
    /// Listens on `address`, loopback unless the operator asks for more. All work happens on `io`.
    DatabaseProxy(asio::io_context& io, Compute& compute, std::string address);
    ~DatabaseProxy();

    /// May be called on any thread. Throws SetupError when the port is taken.
    void open(const BranchId& branch, std::uint16_t port);
    void close(const BranchId& branch);
    bool is_open(const BranchId& branch) const;
    void close_all();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};
}  // namespace argon::branches
