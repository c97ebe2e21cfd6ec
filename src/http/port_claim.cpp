#include "http/port_claim.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace argon::http {
namespace {
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

/// Without SO_REUSEPORT: refused when anybody listens.
void bind_alone(Acceptor& socket, const std::string& address, std::uint16_t port) {
    const asio::ip::tcp::endpoint endpoint{asio::ip::make_address(address), port};
    socket.open(endpoint.protocol());
    socket.set_option(asio::socket_base::reuse_address{true});
    socket.bind(endpoint);
}
}  // namespace

ListenError::ListenError(const std::string& address, std::uint16_t port, const std::string& reason)
    : std::runtime_error(
          fmt::format(fmt::runtime(address.find(':') == std::string::npos ? "cannot listen on {}:{}: {}" : "cannot listen on [{}]:{}: {}"), address,
                      port, reason)) {}

FreePort::FreePort(const std::string& address) {
    try {
        bind_alone(holder_, address, 0);
    } catch (const boost::system::system_error& error) {
        throw ListenError(address, 0, error.code().message());
    }
}

PortClaim::PortClaim(const std::string& address, std::uint16_t port) {
    take_turn(port);
    Acceptor probe{io_};
    try {
        bind_alone(probe, address, port);
    } catch (const boost::system::system_error& error) {
        throw ListenError(address, port, error.code().message());
    }
}

/// A name in the abstract namespace, which is free again when its holder ends. Who keeps it for seconds is no server that starts.
void PortClaim::take_turn(std::uint16_t port) {
    using namespace std::chrono_literals;
    const asio::local::stream_protocol::endpoint name{std::string(1, '\0') + fmt::format("argonauth/port/{}", port)};
    turn_.open(name.protocol());
    boost::system::error_code error;
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(10ms)) {
        turn_.bind(name, error);
        if (!error) return;
    }
}
}  // namespace argon::http
