#include "management/branch_auth/webhook_url.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace argon::management::branch_auth {
namespace {
constexpr std::size_t longest = 2048;

/// The parser lets IPv4 pass in its plain form only, so digits and dots are one.
bool is_address(std::string_view host) {
    return host.starts_with('[') || std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || (is_address(host) && host.starts_with("127."));
}

/// Names that no public resolver knows: RFC 6762, RFC 8375, and ICANN's `internal`; names without a dot belong to the local network.
bool is_local_name(std::string_view host) {
    constexpr std::string_view endings[] = {".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".private"};
    return host.find('.') == std::string_view::npos || std::ranges::any_of(endings, [&](auto ending) { return host.ends_with(ending); });
}
}  // namespace

std::optional<std::string> check_webhook_url(std::string_view text, bool allows_loopback) {
    if (text.size() > longest) return "Invalid URL: at most 2048 characters are allowed";
    const auto url = http::parse_url(text);
    if (!url) return "Invalid URL: expected https and a host name, such as https://example.com/hook";
    if (url->rest.find('#') != std::string::npos) return "Invalid URL: a fragment is never sent, leave it out";
    if (allows_loopback && is_loopback(url->host)) return {};
    if (url->scheme != "https") return "Invalid URL: must use https";
    if (is_address(url->host)) return "Invalid URL: must have a host name, not an address";
    if (is_local_name(url->host)) return "Invalid URL: must have a public host name";
    return {};
}
}  // namespace argon::management::branch_auth
