#include "api/legacy_headers.hpp"

namespace argon::api {
namespace {
constexpr std::string_view families[] = {"X-Stack-", "X-Hexclave-"};
constexpr std::string_view request_headers[] = {"access-type",
                                                "project-id",
                                                "branch-id",
                                                "publishable-client-key",
                                                "secret-server-key",
                                                "super-secret-admin-key",
                                                "admin-access-token",
                                                "access-token",
                                                "refresh-token",
                                                "allow-anonymous-user",
                                                "allow-restricted-user",
                                                "override-error-status",
                                                "client-version",
                                                "random-nonce",
                                                "request-type",
                                                "api-key"};

std::string make_allowed_headers() {
    std::string list = "content-type, authorization, ngrok-skip-browser-warning, baggage, sentry-trace";
    for (const auto family : families) {
        for (const auto name : request_headers) list.append(", ").append(http::to_lower(family)).append(name);
    }
    return list;
}

std::string make_exposed_headers() {
    std::string list = "content-type";
    for (const auto family : families) {
        for (const std::string_view name : {"actual-status", "known-error", "request-id"})
            list.append(", ").append(http::to_lower(family)).append(name);
    }
    return list;
}
}  // namespace

std::optional<std::string_view> find_either(const http::Request& request, std::string_view name) {
    for (const auto family : families) {
        if (const auto found = request.fields.find(std::string{family}.append(name))) return found;
    }
    return {};
}

void set_both(http::Response& response, std::string_view name, std::string value) {
    for (const auto family : families) response.set(std::string{family}.append(name), value);
}

void finish_legacy(const http::Request& request, std::string_view request_id, http::Response& response) {
    static const auto allowed = make_allowed_headers();
    static const auto exposed = make_exposed_headers();
    response.set("Access-Control-Allow-Origin", "*");
    response.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    response.set("Access-Control-Allow-Headers", allowed);
    response.set("Access-Control-Expose-Headers", exposed);
    response.set("Access-Control-Max-Age", "86400");
    if (!response.find("Cache-Control")) response.set("Cache-Control", "no-store, max-age=0");
    response.set("X-Content-Type-Options", "nosniff");
    set_both(response, "Request-Id", std::string{request_id});
    const bool is_refusal = response.status >= 400 && response.status <= 499;
    if (!is_refusal || !find_either(request, "override-error-status")) return;
    set_both(response, "Actual-Status", std::to_string(response.status));
    response.status = 200;
}
}  // namespace argon::api
