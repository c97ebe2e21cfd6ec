#include "api/trusted_domain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "branches/names.hpp"
#include "http/url.hpp"

namespace argon::api {
namespace {
constexpr std::size_t longest = 512;

/// Whether the wildcard leaves the last two names of the host alone: `https://*` and `https://*.com` would trust everybody, and
/// `https://*example.com` those who buy a name that ends so.
bool is_confined(std::string_view host) {
    if (host.find('*') == std::string_view::npos) return true;
    const auto last_dot = host.rfind('.');
    if (last_dot == std::string_view::npos || last_dot == 0) return false;
    const auto last = host.substr(last_dot + 1);
    const auto before = host.substr(0, last_dot);
    // RFC 6761: names below localhost never leave the machine.
    const bool local = last == "localhost";
    const auto name = local ? last : before.substr(before.rfind('.') == std::string_view::npos ? 0 : before.rfind('.') + 1);
    return last.find('*') == std::string_view::npos && name.find('*') == std::string_view::npos;
}

/// The same text with ordinary characters for wildcards, for the parser of URLs.
std::string without_wildcards(std::string_view text) {
    std::string plain{text};
    if (plain.ends_with(":*")) plain.resize(plain.size() - 2);
    std::ranges::replace(plain, '*', 'x');
    return plain;
}
}  // namespace

std::optional<std::string> TrustedDomainCheck::operator()(std::string_view text) const {
    if (text.size() > longest) return fmt::format("Invalid domain: at most {} characters are allowed", longest);
    const auto end = text.find("://");
    if (end == std::string_view::npos) return "Invalid domain: expected scheme and host, such as https://app.example.com";
    const auto scheme = text.substr(0, end);
    if (scheme != "http" && scheme != "https") {
        // Named only when it is something a person could have meant.
        const bool plain = branches::is_plain_text(scheme) && scheme.size() <= 32;
        return fmt::format("Invalid domain: scheme {} is not allowed; use http or https", plain ? fmt::format("\"{}\"", scheme) : "");
    }
    const auto authority = text.substr(end + 3);
    if (authority.find_first_of("/?#") != std::string_view::npos) {
        return "Invalid domain: only scheme, host and port are allowed, no path and no slash at the end";
    }
    if (authority.find('@') != std::string_view::npos) return "Invalid domain: user names are not allowed";
    if (!http::parse_url(without_wildcards(text)))
        return "Invalid domain: not a host that a browser would send; write international names in Punycode";
    const auto host = authority.substr(0, authority.starts_with('[') ? authority.size() : authority.find(':'));
    if (!is_confined(host)) return "Invalid domain: a wildcard must leave the last two names of the host, as in https://*.example.com";
    return {};
}
}  // namespace argon::api
