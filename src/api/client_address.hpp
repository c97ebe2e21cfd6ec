// Who is at the other end: the connection's peer, unless a trusted proxy says for whom it speaks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "http/message.hpp"

namespace argon::api {

class TrustedProxies {
public:
    TrustedProxies() = default;
    /// Addresses and networks (`127.0.0.1`, `10.0.0.0/8`, `fd00::/8`), separated by commas. Throws std::invalid_argument that names a bad one.
    explicit TrustedProxies(std::string_view list);

    bool contains(std::string_view address) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

/// The rightmost address of X-Forwarded-For that is no trusted proxy, if the peer is one; junk there leaves the peer's own.
/// IPv4 in dotted form; IPv6 cut to its /64 and written out in full, so that one household is one client (auth-wire-facts.md, fact 50).
std::string client_address(const http::Request& request, const TrustedProxies& proxies);
}  // namespace argon::api
