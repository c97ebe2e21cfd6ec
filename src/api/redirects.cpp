#include "api/redirects.hpp"

namespace argon::api {

std::string with_parameter(std::string_view url, std::string_view name, std::string_view value) {
    const auto fragment_at = std::min(url.find('#'), url.size());
    const auto fragment = url.substr(fragment_at);
    url = url.substr(0, fragment_at);
    const auto query_at = std::min(url.find('?'), url.size());
    std::string result{url.substr(0, query_at)};
    char separator = '?';
    auto query = url.substr(std::min(query_at + 1, url.size()));
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        // A target that brings an outcome of its own must not pass for us.
        if (pair.empty() || http::percent_decode(pair.substr(0, pair.find('='))) == name) continue;
        result += separator;
        result += pair;
        separator = '&';
    }
    result += separator;
    result += http::form_encode(name) + "=" + http::form_encode(value);
    return result += fragment;
}

std::string resolve_target(const Context& ctx, std::string_view target) {
    return target.starts_with('/') ? ctx.origin() + std::string{target} : std::string{target};
}

http::Response send_on(std::string location) {
    auto response = http::Response::redirect(std::move(location));
    response.set("Referrer-Policy", "no-referrer");
    return response;
}
}  // namespace argon::api
