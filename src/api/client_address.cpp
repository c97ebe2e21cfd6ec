#include "api/client_address.hpp"

#include <stdexcept>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace argon::api {
namespace {
namespace ip = boost::asio::ip;
using boost::system::error_code;

std::optional<ip::address> parse_address(std::string_view text) {
    error_code error;
    const auto address = ip::make_address(std::string{http::trim(text)}, error);
    if (error) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::string to_client_text(const ip::address& address) {
    if (address.is_v4()) return address.to_string();
    const auto bytes = address.to_v6().to_bytes();
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) {
        const unsigned group = i < 4 ? bytes[2 * i] * 256u + bytes[2 * i + 1] : 0;
        text += fmt::format("{}{:04x}", i ? ":" : "", group);
    }
    return text;
}
}  // namespace

TrustedProxies::TrustedProxies(std::string_view list) {
    while (!list.empty()) {
        const auto entry = std::string{http::trim(list.substr(0, list.find(',')))};
        list.remove_prefix(std::min(list.find(',') == std::string_view::npos ? list.size() : list.find(',') + 1, list.size()));
        if (entry.empty()) continue;
        error_code bad4;
        error_code bad6;
        const bool bare = entry.find('/') == std::string::npos;
        const auto v4 = ip::make_network_v4(bare ? entry + "/32" : entry, bad4);
        const auto v6 = ip::make_network_v6(bare ? entry + "/128" : entry, bad6);
        if (bad4 && bad6) throw std::invalid_argument(fmt::format("'{}' is no address or network", entry));
        if (!bad4) v4_.push_back(v4.canonical());
        if (!bad6) v6_.push_back(v6.canonical());
    }
}

bool TrustedProxies::contains(std::string_view text) const {
    const auto address = parse_address(text);
    if (!address) return false;
    if (address->is_v4()) {
        return std::ranges::any_of(
            v4_, [&](const auto& network) { return ip::network_v4{address->to_v4(), network.prefix_length()}.canonical() == network; });
    }
    return std::ranges::any_of(v6_,
                               [&](const auto& network) { return ip::network_v6{address->to_v6(), network.prefix_length()}.canonical() == network; });
}

std::string client_address(const http::Request& request, const TrustedProxies& proxies) {
    auto client = parse_address(request.peer);
    if (!client) return {};
    auto forwarded = request.fields.get("X-Forwarded-For");
    while (!forwarded.empty() && proxies.contains(client->to_string())) {
        const auto comma = forwarded.rfind(',');
        const auto hop = parse_address(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
        if (!hop) break;
        client = hop;
        forwarded = comma == std::string_view::npos ? std::string_view{} : forwarded.substr(0, comma);
    }
    return to_client_text(*client);
}
}  // namespace argon::api
