// The HTTP/1.1 server: one instance per I/O thread, each with its own listening socket (SO_REUSEPORT), so that
// connections never move between threads. Deadlines are checked by one sweep a second, not by a timer per operation.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/async.hpp"
#include "http/message.hpp"
#include "http/parser.hpp"

namespace argon::http {
using namespace std::chrono_literals;

/// How long a connection may stay in a state before it is cut.
struct Deadlines {
    std::chrono::seconds head = 10s;
    std::chrono::seconds body = 30s;
    std::chrono::seconds handler = 60s;
    std::chrono::seconds write = 30s;
    std::chrono::seconds idle = 60s;
};

struct ServerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0 picks a free one
    bool shares_port = false;  ///< with other processes, too; for whoever makes the servers, see PortClaim
    Limits limits;
    Deadlines deadlines;
    std::size_t connections = 50'000;  ///< of this thread; the next one is closed at once
};

/// Answers every request, refusals included. An exception that leaves it ends the connection.
using Handler = std::function<awaitable<Response>(Request&)>;

class Server {
public:
    /// Listens at once; throws ListenError when the address is taken.
    Server(asio::io_context& io, ServerConfig config, Handler handler);
    ~Server();

    std::uint16_t port() const;
    /// Accepts nothing more and closes idle connections; running requests are answered first.
    void drain();
    std::size_t open_connections() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};
}  // namespace argon::http
