#include "api/cors.hpp"

namespace argon::api {
namespace {
/// What browsers send: scheme, host and port, nothing behind them.
bool is_bare_origin(std::string_view origin) {
    const auto colon = origin.find("://");
    return colon != std::string_view::npos && origin.find_first_of("/?#", colon + 3) == std::string_view::npos;
}

constexpr std::string_view allowed_headers =
    "content-type, authorization, x-neon-client-info, x-neon-auth-proxy, x-neon-auth-middleware, x-requested-with";
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
}

http::Response answer_preflight(const http::Request& request, const TrustedOrigins& trusted) {
    auto response = http::Response::empty(204);
    allow_origin(request, trusted, response);
    if (!response.find("Access-Control-Allow-Origin")) return response;
    response.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response.set("Access-Control-Allow-Headers", std::string{allowed_headers});
    response.set("Access-Control-Max-Age", "600");
    return response;
}
}  // namespace argon::api
