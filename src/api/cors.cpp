#include "api/cors.hpp"

#include <algorithm>

namespace argon::api {
namespace {
/// What browsers send: scheme, host and port, nothing behind them.
bool is_bare_origin(std::string_view origin) {
    const auto colon = origin.find("://");
    return colon != std::string_view::npos && origin.find_first_of("/?#", colon + 3) == std::string_view::npos;
}

constexpr std::string_view allowed_headers =
    "content-type, authorization, x-neon-client-info, x-neon-auth-proxy, x-neon-auth-middleware, x-requested-with";
constexpr std::size_t longest_wish = 1024;

/// Names of headers, separated by commas (RFC 9110, 5.6.2).
bool lists_names(std::string_view text) {
    return text.size() <= longest_wish && std::ranges::all_of(text, [](char c) {
               const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
               return is_alphanumeric || std::string_view{"!#$%&'*+-.^_`|~, "}.find(c) != std::string_view::npos;
           });
}

/// A trusted app may send headers of its own: tracing libraries add some to every request, and a preflight refused is a sign-in that fails.
std::string headers_for(const http::Request& request) {
    const auto wished = http::trim(request.fields.get("Access-Control-Request-Headers"));
    if (wished.empty() || !lists_names(wished)) return std::string{allowed_headers};
    return std::string{allowed_headers} + ", " + std::string{wished};
}

/// How long to wait is for the app to know, also where it is on another host; of all else, answers say it themselves (set-auth-jwt).
void expose_waiting(const http::Request& request, std::string_view origin, http::Response& response) {
    if (origin.ends_with("://" + std::string{request.fields.get("Host")})) return;
    for (const std::string name : {"X-Retry-After", "Retry-After"}) {
        if (response.find(name)) response.set("Access-Control-Expose-Headers", name);
    }
}
}  // namespace

bool is_preflight(const http::Request& request) {
    return request.method == http::Method::options && request.fields.find("Origin") && request.fields.find("Access-Control-Request-Method");
}

void allow_origin(const http::Request& request, const TrustedOrigins& trusted, http::Response& response) {
    response.set("Vary", "Origin");
    const auto origin = request.fields.get("Origin");
    if (request.fields.count("Origin") > 1 || !is_bare_origin(origin) || !trusted.trusts_origin(origin)) return;
    response.set("Access-Control-Allow-Origin", std::string{origin});
    response.set("Access-Control-Allow-Credentials", "true");
    expose_waiting(request, origin, response);
}

http::Response answer_preflight(const http::Request& request, const TrustedOrigins& trusted) {
    auto response = http::Response::empty(204);
    allow_origin(request, trusted, response);
    if (!response.find("Access-Control-Allow-Origin")) return response;
    response.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response.set("Access-Control-Allow-Headers", headers_for(request));
    response.set("Access-Control-Max-Age", "600");
    return response;
}
}  // namespace argon::api
