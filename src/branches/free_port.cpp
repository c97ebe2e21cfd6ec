#include "branches/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "branches/data_directory.hpp"
#include "branches/setup_error.hpp"

namespace argon::branches {

std::uint16_t pick_free_port(std::uint16_t preferred) {
    for (const std::uint16_t wanted : {preferred, std::uint16_t{0}}) {
        const FileDescriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const int on = 1;  // as PostgreSQL does, so that connections of a former server in TIME_WAIT do not count
        ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(wanted), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener.get(), generic, size) != 0 || ::getsockname(listener.get(), generic, &size) != 0) continue;
        return ntohs(address.sin_port);
    }
    throw SetupError("No TCP port on 127.0.0.1 is free.");
}
}  // namespace argon::branches