#include "api/origins.hpp"

#include <algorithm>

#include "http/message.hpp"
#include "http/url.hpp"

namespace argon::api {
namespace {
bool is_path_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view{"_-.+/@"}.find(c) != std::string_view::npos;
}
bool is_query_char(char c) { return is_path_char(c) || c == '=' || c == '&' || c == '%'; }
bool is_web_scheme(std::string_view url) {
    const auto scheme = http::to_lower(url.substr(0, url.find("://")));
    return url.find("://") != std::string_view::npos && (scheme == "http" || scheme == "https");
}

/// Only letters, digits and `+-.` before the colon: `javascript:` and its kind never reach the comparison with an app scheme.
bool is_app_pattern(std::string_view pattern) {
    const auto colon = pattern.find("://");
    const auto scheme = pattern.substr(0, colon);
    constexpr std::string_view dangerous[] = {"javascript", "vbscript", "data", "blob", "filesystem", "intent", "file"};
    return colon != std::string_view::npos && colon > 0 &&
           std::ranges::all_of(scheme, [](char c) { return is_path_char(c) && c != '/' && c != '@' && c != '_'; }) &&
           std::ranges::none_of(dangerous, [&](auto name) { return http::equal_ignoring_case(name, scheme); });
}

/// An app scheme matches by scheme, and by authority when the pattern names one: `myapp://cb` is not `myapp://cb.evil`.
bool matches_app(std::string_view url, std::string_view pattern) {
    if (!is_app_pattern(pattern) || !url.starts_with(pattern)) return false;
    const auto rest = url.substr(pattern.size());
    const bool clean =
        std::ranges::none_of(url, [](char c) { return c <= 0x20 || c >= 0x7f || c == '\\'; }) && url.find("..") == std::string_view::npos;
    return clean && (pattern.ends_with('/') || rest.empty() || rest.starts_with('/') || rest.starts_with('?') || rest.starts_with('#'));
}

std::string compared_form(std::string_view wildcard) {
    auto pattern = http::to_lower(wildcard);
    for (const auto& [scheme, port] : {std::pair{"https://", ":443"}, std::pair{"http://", ":80"}}) {
        if (pattern.starts_with(scheme) && pattern.ends_with(port)) pattern.resize(pattern.size() - std::string_view{port}.size());
    }
    return pattern;
}
}  // namespace

bool matches_wildcard(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == text[t] || (pattern[p] == '?' && text[t] != '/'))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (star != std::string_view::npos && text[mark] != '/') {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool is_safe_relative_path(std::string_view path) {
    if (!path.starts_with('/')) return false;
    const auto second = path.substr(1);
    if (second.starts_with('/') || second.starts_with('\\')) return false;
    const auto question = std::min(path.find('?'), path.size());
    const auto query = question < path.size() ? path.substr(question + 1) : std::string_view{};
    return std::ranges::all_of(path.substr(0, question), is_path_char) && std::ranges::all_of(query, is_query_char);
}

bool matches_origin(std::string_view url, std::string_view pattern) {
    if (!is_web_scheme(url)) return pattern.find_first_of("*?") == std::string_view::npos && matches_app(url, pattern);
    const auto parsed = http::parse_url(url);
    if (!parsed) return false;
    if (pattern.find_first_of("*?") == std::string_view::npos) return pattern == parsed->origin();
    if (pattern.find("://") != std::string_view::npos) return matches_wildcard(pattern, parsed->origin());
    return matches_wildcard(pattern, parsed->host + (parsed->port.empty() ? "" : ":" + parsed->port));
}

TrustedOrigins::TrustedOrigins(std::vector<std::string> own, std::vector<std::string> configured, bool allow_localhost)
    : patterns_(std::move(own)), allow_localhost_(allow_localhost) {
    // Kept in the form in which parsed origins are compared: lower case, no default port.
    for (auto& pattern : configured) {
        if (pattern.find_first_of("*?") != std::string::npos) {
            patterns_.push_back(compared_form(pattern));
            continue;
        }
        const auto parsed = http::parse_url(pattern);
        patterns_.push_back(parsed && (parsed->rest.empty() || parsed->rest == "/") ? parsed->origin() : std::move(pattern));
    }
}

bool TrustedOrigins::trusts_origin(std::string_view origin) const {
    if (std::ranges::any_of(patterns_, [&](const auto& pattern) { return matches_origin(origin, pattern); })) return true;
    if (!allow_localhost_) return false;
    const auto parsed = http::parse_url(origin);
    // Loopback by address too: hosted Neon takes the name only, which surprises people who open 127.0.0.1.
    return parsed && (parsed->host == "localhost" || parsed->host == "127.0.0.1" || parsed->host == "[::1]");
}

bool TrustedOrigins::trusts_target(std::string_view url) const { return url.starts_with('/') ? is_safe_relative_path(url) : trusts_origin(url); }
}  // namespace argon::api
