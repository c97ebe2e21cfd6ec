// The listening sockets of one server share a port (SO_REUSEPORT), and the kernel lets every other process of the same user join: a second
// server would be given half of the first one's connections, and nobody would be told.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "base/async.hpp"

namespace argon::http {

/// Says the address and why it cannot be listened on.
struct ListenError : std::runtime_error {
    ListenError(const std::string& address, std::uint16_t port, const std::string& reason);
};

/// A port of the kernel's choice, which nobody else who leaves the choice to the kernel is given while this lives. ListenError.
class FreePort {
public:
    explicit FreePort(const std::string& address);
    std::uint16_t number() const { return holder_.local_endpoint().port(); }

private:
    asio::io_context io_;
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> holder_{io_};
};

/// Nobody listens on address and port when this is made (ListenError otherwise), and no other server of ours begins to while it lives. Blocks
/// while another one claims the same port; to be held until all sockets listen.
class PortClaim {
public:
    PortClaim(const std::string& address, std::uint16_t port);

private:
    void take_turn(std::uint16_t port);

    asio::io_context io_;
    asio::basic_socket_acceptor<asio::local::stream_protocol, Executor> turn_{io_};
};
}  // namespace argon::http
