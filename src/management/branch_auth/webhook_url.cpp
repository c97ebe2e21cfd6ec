#include "management/branch_auth/webhook_url.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace argon::management::branch_auth {
namespace {
constexpr std::size_t longest = 2048;

/// Names that no public resolver knows: RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`; names without a dot belong to the local network.
bool is_local_name(std::string_view host) {
    constexpr std::string_view endings[] = {".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".private"};
    return host.find('.') == std::string_view::npos || std::ranges::any_of(endings, [&](auto ending) { return host.ends_with(ending); });
}
}  // namespace

std::optional<std::string> check_webhook_url(std::string_view text, const outbound::AddressPolicy& policy) {
    if (text.size() > longest) return "Invalid URL: at most 2048 characters are allowed";
    const auto url = http::parse_url(text);
    if (!url) return "Invalid URL: expected https and a host name, such as https://example.com/hook";
    if (url->rest.find('#') != std::string::npos) return "Invalid URL: a fragment is never sent, leave it out";
    if (policy.allows_loopback() && outbound::names_loopback(url->host)) return {};
    if (url->scheme != "https") return "Invalid URL: must use https";
    outbound::Address address;
    if (outbound::parse_address(url->host, address)) {
        if (outbound::classify(address) != outbound::AddressKind::global && policy.allows(address)) return {};
        return "Invalid URL: must have a host name, not an address";
    }
    const bool by_operator = policy.allows_internal() && !outbound::names_loopback(url->host);
    if (is_local_name(url->host) && !by_operator) return "Invalid URL: must have a public host name";
    return {};
}
}  // namespace argon::management::branch_auth
