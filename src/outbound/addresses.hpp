// Which addresses the program connects to on behalf of a branch. What a tenant names (a webhook, a mail server) must not reach
// into the operator's network: the address is judged after resolution, at the moment of the connection, so that neither another
// spelling nor a second DNS answer gets around it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace argon::outbound {

enum class AddressKind { global, loopback, internal };

/// 16 bytes, IPv4 as IPv4-mapped IPv6.
using Address = std::array<std::uint8_t, 16>;

/// Unwraps IPv4 inside IPv6 (mapped, NAT64, 6to4) before it judges.
AddressKind classify(const Address& address);

class AddressPolicy {
public:
    /// Global addresses only.
    AddressPolicy() = default;
    /// `rules` is a list separated by commas: `loopback`, `private`, or networks such as 10.2.0.0/16 and fd00::/8.
    /// Throws std::invalid_argument that names the entry which is none of these.
    explicit AddressPolicy(std::string_view rules);

    bool allows(const Address& address) const;
    /// False for anything but IPv4 and IPv6.
    bool allows(const sockaddr* address) const;
    bool allows_loopback() const { return loopback_; }
    /// Whether any part of a local network is allowed.
    bool allows_internal() const { return internal_ || !networks_.empty(); }

private:
    struct Network {
        Address base;
        unsigned prefix;  // bits, of 128
    };
    void add(std::string_view rule);

    bool loopback_ = false;
    bool internal_ = false;
    std::vector<Network> networks_;
};

/// A textual address (no name, no other spelling), brackets of IPv6 allowed.
bool parse_address(std::string_view text, Address& address);
/// `localhost`, a name below it, or a loopback address.
bool names_loopback(std::string_view host);
}  // namespace argon::outbound
