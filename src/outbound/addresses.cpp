#include "outbound/addresses.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace argon::outbound {
namespace {
struct Range {
    std::array<std::uint8_t, 4> base;
    unsigned prefix;
    AddressKind kind;
};
// IANA's special-purpose registry: everything that is not reachable over the open Internet.
constexpr Range special_v4[] = {
    {{0, 0, 0, 0}, 8, AddressKind::internal},        // this network; 0.0.0.0 reaches the own machine
    {{10, 0, 0, 0}, 8, AddressKind::internal},     {{100, 64, 0, 0}, 10, AddressKind::internal},    // carrier-grade NAT
    {{127, 0, 0, 0}, 8, AddressKind::loopback},    {{169, 254, 0, 0}, 16, AddressKind::internal},   // link-local; cloud metadata
    {{172, 16, 0, 0}, 12, AddressKind::internal},  {{192, 0, 0, 0}, 24, AddressKind::internal},   {{192, 0, 2, 0}, 24, AddressKind::internal},
    {{192, 88, 99, 0}, 24, AddressKind::internal},   // 6to4 relays
    {{192, 168, 0, 0}, 16, AddressKind::internal}, {{198, 18, 0, 0}, 15, AddressKind::internal},  {{198, 51, 100, 0}, 24, AddressKind::internal},
    {{203, 0, 113, 0}, 24, AddressKind::internal}, {{224, 0, 0, 0}, 3, AddressKind::internal},      // multicast, reserved, broadcast
};

bool same_bits(const std::uint8_t* a, const std::uint8_t* b, unsigned bits) {
    if (std::memcmp(a, b, bits / 8) != 0) return false;
    const unsigned rest = bits % 8;
    return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}

AddressKind classify_v4(const std::uint8_t* bytes) {
    for (const auto& range : special_v4) {
        if (same_bits(bytes, range.base.data(), range.prefix)) return range.kind;
    }
    return AddressKind::global;
}

bool starts_with(const Address& address, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

/// Where the IPv4 address begins inside an IPv6 address that carries one.
std::optional<std::size_t> embedded_v4(const Address& address) {
    constexpr std::array<std::uint8_t, 12> nothing{};
    if (starts_with(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return 12;          // ::ffff:0:0/96, mapped
    if (starts_with(address, {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0})) return 12;          // ::ffff:0:0:0/96, translated
    if (starts_with(address, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return 12;    // 64:ff9b::/96, NAT64
    if (starts_with(address, {0x20, 0x02})) return 2;                                         // 2002::/16, 6to4
    const bool is_compatible = std::equal(nothing.begin(), nothing.end(), address.begin());
    if (is_compatible && (address[12] | address[13]) != 0) return 12;                         // ::/96, long deprecated
    return {};
}

Address unwrap(const Address& address) {
    const auto at = embedded_v4(address);
    if (!at || *at != 12) return address;
    Address plain{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::copy_n(address.begin() + 12, 4, plain.begin() + 12);
    return plain;
}
}  // namespace

AddressKind classify(const Address& address) {
    if (const auto at = embedded_v4(address)) return classify_v4(address.data() + *at);
    constexpr Address loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    if (address == loopback) return AddressKind::loopback;
    // 2000::/3 is all that is global unicast; within it, Teredo and documentation are not.
    const bool is_global = (address[0] & 0xe0) == 0x20;
    const bool is_special =
        starts_with(address, {0x20, 0x01, 0x00, 0x00}) || starts_with(address, {0x20, 0x01, 0x0d, 0xb8}) || starts_with(address, {0x3f, 0xff});
    return is_global && !is_special ? AddressKind::global : AddressKind::internal;
}

AddressPolicy::AddressPolicy(std::string_view rules) {
    while (!rules.empty()) {
        const auto comma = rules.find(',');
        auto rule = rules.substr(0, comma);
        rules = comma == rules.npos ? std::string_view{} : rules.substr(comma + 1);
        while (rule.starts_with(' ')) rule.remove_prefix(1);
        while (rule.ends_with(' ')) rule.remove_suffix(1);
        if (!rule.empty()) add(rule);
    }
}

void AddressPolicy::add(std::string_view rule) {
    if (rule == "loopback") {
        loopback_ = true;
        return;
    }
    if (rule == "private") {
        internal_ = true;
        return;
    }
    const auto slash = rule.find('/');
    const auto host = rule.substr(0, slash);
    const bool is_v4 = host.find(':') == host.npos;
    unsigned bits = is_v4 ? 32 : 128;
    Network network{};
    bool valid = parse_address(host, network.base);
    if (valid && slash != rule.npos) {
        const auto text = rule.substr(slash + 1);
        unsigned given = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), given);
        valid = error == std::errc{} && end == text.data() + text.size() && given <= bits;
        bits = given;
    }
    if (!valid) throw std::invalid_argument("\"" + std::string{rule} + "\" is neither loopback, private nor a network");
    network.prefix = is_v4 ? bits + 96 : bits;
    networks_.push_back(network);
}

bool AddressPolicy::allows(const Address& address) const {
    const auto kind = classify(address);
    if (kind == AddressKind::global || (kind == AddressKind::loopback && loopback_)) return true;
    if (kind == AddressKind::internal && internal_) return true;
    const auto plain = unwrap(address);
    return std::ranges::any_of(networks_, [&](const Network& network) { return same_bits(plain.data(), network.base.data(), network.prefix); });
}

bool AddressPolicy::allows(const sockaddr* address) const {
    Address bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::memcpy(bytes.data() + 12, &v4.sin_addr, 4);
        return allows(bytes);
    }
    if (address->sa_family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(bytes.data(), &v6.sin6_addr, 16);
    return allows(bytes);
}

bool parse_address(std::string_view text, Address& address) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const std::string copy{text};
    address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (::inet_pton(AF_INET, copy.c_str(), address.data() + 12) == 1) return true;
    return ::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1;
}

bool names_loopback(std::string_view host) {
    Address address{};
    if (parse_address(host, address)) return classify(address) == AddressKind::loopback;
    return host == "localhost" || host.ends_with(".localhost");
}
}  // namespace argon::outbound
