#include "http/port_claim.hpp"

#include <chrono>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace argon::http {

ListenError::ListenError(const std::string& address, std::uint16_t port, const std::string& reason)
    : std::runtime_error(
          fmt::format(fmt::runtime(address.find(':') == std::string::npos ? "cannot listen on {}:{}: {}" : "cannot listen on [{}]:{}: {}"), address,
                      port, reason)) {}

PortClaim::PortClaim(const std::string& address, std::uint16_t port) {
    take_turn(port);
    // Without SO_REUSEPORT: refused when anybody listens.
    asio::basic_socket_acceptor<asio::ip::tcp, Executor> probe{io_};
    try {
        const asio::ip::tcp::endpoint endpoint{asio::ip::make_address(address), port};
        probe.open(endpoint.protocol());
        probe.set_option(asio::socket_base::reuse_address{true});
        probe.bind(endpoint);
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
