#include "http/url.hpp"

#include <algorithm>
#include <charconv>

#include "http/message.hpp"

namespace argon::http {
namespace {
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_char(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_ipv6_literal(std::string_view host) {
    return host.size() > 3 && host.front() == '[' && host.back() == ']' &&
           std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

/// Browsers read a host whose last label is a number as an IPv4 address in one of many spellings; only the plain dotted form passes.
bool is_ambiguous_number(std::string_view host) {
    const auto dot = host.rfind('.');
    const auto last = dot == std::string_view::npos ? host : host.substr(dot + 1);
    const bool numeric = !last.empty() && (std::ranges::all_of(last, is_digit) || last.starts_with("0x") || last.starts_with("0X"));
    if (!numeric) return false;
    int parts = 0;
    for (std::size_t start = 0; start <= host.size(); ++parts) {
        const auto end = std::min(host.find('.', start), host.size());
        const auto part = host.substr(start, end - start);
        int value = 0;
        const auto parsed = std::from_chars(part.data(), part.data() + part.size(), value);
        if (part.empty() || parsed.ptr != part.data() + part.size() || value > 255 || (part.size() > 1 && part.front() == '0')) return true;
        start = end + 1;
    }
    return parts != 4;
}

bool is_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, is_name_char) && host.front() != '.' && host.back() != '.' &&
           host.find("..") == std::string_view::npos && !is_ambiguous_number(host);
}

bool is_port(std::string_view port) {
    int value = 0;
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), value);
    return !port.empty() && port.size() <= 5 && parsed.ptr == port.data() + port.size() && value >= 1 && value <= 65535;
}

struct Authority {
    std::string_view host;
    std::string_view port;
};

std::optional<Authority> split_authority(std::string_view authority) {
    const auto name_end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
    if (authority.starts_with('[') && name_end == std::string_view::npos) return {};
    const auto host_size = authority.starts_with('[') ? name_end + 1 : std::min(name_end, authority.size());
    Authority parts{authority.substr(0, host_size), {}};
    const auto tail = authority.substr(host_size);
    if (!tail.empty() && (tail.front() != ':' || !is_port(tail.substr(1)))) return {};
    if (!tail.empty()) parts.port = tail.substr(1);
    if (!is_name(parts.host) && !is_ipv6_literal(parts.host)) return {};
    return parts;
}
}  // namespace

std::string Url::origin() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port); }

std::optional<Url> parse_url(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || text.size() > 8192) return {};
    Url url{.scheme = to_lower(text.substr(0, colon))};
    if (url.scheme != "http" && url.scheme != "https") return {};
    // Blanks, controls, non-ASCII and backslashes anywhere are read differently by different parsers.
    if (std::ranges::any_of(text, [](char c) { return c <= 0x20 || c >= 0x7f || c == '\\'; })) return {};
    text.remove_prefix(colon + 3);
    const auto authority_size = std::min(text.find_first_of("/?#"), text.size());
    const auto authority = split_authority(text.substr(0, authority_size));
    if (!authority) return {};
    url.host = to_lower(authority->host);
    const bool default_port = (url.scheme == "https" && authority->port == "443") || (url.scheme == "http" && authority->port == "80");
    if (!default_port) url.port = authority->port;
    url.rest = text.substr(authority_size);
    return url;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return {};
        out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
        i += 2;
    }
    return out;
}

std::string form_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (std::string_view{"!~'()"}.find(c) != std::string_view::npos) {
            out += c == '!' ? "%21" : c == '~' ? "%7E" : c == '\'' ? "%27" : c == '(' ? "%28" : "%29";
        } else {
            out += percent_encode({&c, 1});
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() + 16);
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || std::string_view{"-_.!~*'()"}.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
    return out;
}

QueryParameters parse_query(std::string_view query) {
    const auto decode = [](std::string_view text) {
        std::string blanks{text};
        std::ranges::replace(blanks, '+', ' ');
        return percent_decode(blanks).value_or(blanks);
    };
    QueryParameters parameters;
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        parameters.emplace_back(decode(pair.substr(0, equals)), decode(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{}));
    }
    return parameters;
}

const std::string* find(const QueryParameters& parameters, std::string_view name) {
    const auto found = std::ranges::find_if(parameters, [&](const auto& parameter) { return parameter.first == name; });
    return found == parameters.end() ? nullptr : &found->second;
}

bool is_valid_host(std::string_view host) { return split_authority(host).has_value(); }
}  // namespace argon::http
