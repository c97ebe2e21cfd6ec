#include "api/management.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "api/audit.hpp"
#include "api/general_error.hpp"
#include "api/management_key.hpp"
#include "api/management_path.hpp"
#include "api/request_id.hpp"
#include "api/run_endpoint.hpp"
#include "base/log.hpp"
#include "pg/errors.hpp"

namespace argon::api {
namespace {
constexpr std::string_view prefix = "/api/v2";
constexpr std::size_t max_body = 64 * 1024;

constexpr ErrorSpec unknown_route{404, "", "this path is not part of the API"};
constexpr ErrorSpec wrong_method{405, "", "the path does not support this method"};
constexpr ErrorSpec internal{500, "", "an internal error occurred; the log has more under this request id"};
constexpr ErrorSpec not_now{503, "", "the service is busy or its database cannot be reached; try again"};
constexpr ErrorSpec wrong_media_type{415, "", "invalid request: the body must have content type application/json"};
constexpr ErrorSpec too_large{413, "", "invalid request: the body must not exceed 64 KiB"};
constexpr ErrorSpec broken_json{400, "", "invalid request: the body is not valid JSON"};
constexpr ErrorSpec trailing_comma{400, "", "invalid request: the body is not valid JSON: remove the comma before the closing bracket"};

http::Response general_error(const Error& error, std::string_view request_id) {
    auto response = http::Response::json(error.status(), GeneralError{request_id, error.code(), error.message()});
    if (error.status() == 401) response.set("WWW-Authenticate", "Bearer");
    if (const auto wait = error.retry_after()) response.set("Retry-After", std::to_string(wait->count()));
    return response;
}

struct Match {
    const ManagementRoute* route = nullptr;
    RawParameters parameters;
    std::string allowed;  ///< methods of the path, when none of them was asked for
};

Match find_route(const std::vector<ManagementRoute>& routes, http::Method method, std::string_view path) {
    Match match;
    for (const auto& route : routes) {
        auto parameters = match_path(route.path, path);
        if (!parameters) continue;
        if (route.method == method) return {&route, std::move(*parameters), {}};
        match.allowed += (match.allowed.empty() ? "" : ", ") + std::string{http::to_text(route.method)};
    }
    return match;
}

std::unexpected<Error> refuse_unmatched(const Match& match) { return refuse(match.allowed.empty() ? unknown_route : wrong_method); }

awaitable<Result<Caller>> admit(const ManagementRoute& route, const http::Request& request, Services& services, TimePoint time) {
    if (route.access == Access::open) co_return Caller{};
    co_return co_await authenticate(request, services, time);
}

std::optional<std::string> parameter_of(const ManagementContext& ctx, const std::string& name) {
    const auto found = ctx.path_parameters.find(name);
    return found == ctx.path_parameters.end() ? std::nullopt : std::optional{found->second};
}

AuditEntry audit_entry(const ManagementContext& ctx, const ManagementRoute& route, const TrustedProxies& proxies) {
    return {.actor = fmt::format("key {}", ctx.caller.key_id),
            // Another name of a described route has no description of its own.
            .action = std::string{route.docs ? route.docs->operation : route.path},
            .target = std::string{ctx.request.path},
            .project_id = parameter_of(ctx, "project_id"),
            .branch_id = parameter_of(ctx, "branch_id"),
            .client_address = client_address(ctx.request, proxies),
            .request_id = ctx.request_id};
}

awaitable<Result<http::Response>> serve(Services& services, std::span<const ManagementRoute> routes, const TrustedProxies& proxies,
                                        const http::Request& request, const Match& match, const std::string& request_id, bool& authenticated) {
    if (!match.route) co_return refuse_unmatched(match);
    const auto time = now();
    auto caller = co_await admit(*match.route, request, services, time);
    if (!caller) co_return std::unexpected(caller.error());
    authenticated = match.route->access != Access::open;
    auto parameters = check_parameters(match.parameters);
    if (!parameters) co_return std::unexpected(parameters.error());
    const auto allowed = check_limits(*caller, request.method, *match.route, *parameters);
    if (!allowed) co_return std::unexpected(allowed.error());
    ManagementContext ctx{.services = services,
                          .request = request,
                          .control = services.control(),
                          .now = time,
                          .request_id = request_id,
                          .caller = std::move(*caller),
                          .path_parameters = std::move(*parameters),
                          .query_parameters = http::parse_query(request.query),
                          .routes = routes};
    auto result = co_await run_endpoint(*match.route, ctx);
    if (result && authenticated && request.method != http::Method::get) co_await record_audit(services, audit_entry(ctx, *match.route, proxies));
    co_return result;
}

awaitable<http::Response> answer(Services& services, std::span<const ManagementRoute> routes, const TrustedProxies& proxies,
                                 const http::Request& request, const Match& match, const std::string& request_id) {
    bool authenticated = false;
    try {
        auto result = co_await serve(services, routes, proxies, request, match, request_id, authenticated);
        if (result) co_return std::move(*result);
        const auto& note = result.error().note();
        if (!note.empty()) log::info("management request refused", {{"request_id", request_id}, {"note", note}});
        co_return general_error(result.error(), request_id);
    } catch (const pg::Unreachable& error) {
        log::warn("management request put off", {{"request_id", request_id}, {"reason", error.what()}});
        // Host and reason are for those who manage the database, not for everybody who finds the port.
        if (!authenticated) co_return general_error(Error{not_now}.retry_after(1s), request_id);
        co_return general_error(Error::with_message(not_now, fmt::format("the database cannot be reached: {}", error.what())).retry_after(1s),
                                request_id);
    } catch (const pg::Unavailable& error) {
        log::warn("management request put off", {{"request_id", request_id}, {"reason", error.what()}});
        co_return general_error(Error{not_now}.retry_after(1s), request_id);
    } catch (const std::exception& error) {
        log::error("management request failed", {{"request_id", request_id}, {"reason", error.what()}});
    }
    co_return general_error(Error{internal}, request_id);
}

/// What people write by hand, and older documentation shows: JSON does not allow it.
bool has_trailing_comma(std::string_view text) {
    bool quoted = false;
    bool comma = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
            comma = false;
        } else if (!quoted) {
            if (comma && (c == '}' || c == ']')) return true;
            if (c == ',') comma = true;
            if (!std::string_view{" \t\r\n,"}.contains(c)) comma = false;
        }
    }
    return false;
}

bool is_json(std::string_view content_type) {
    return http::equal_ignoring_case(http::trim(content_type.substr(0, content_type.find(';'))), "application/json");
}
}  // namespace

Result<json::Value> ManagementContext::json_body() const {
    if (request.body.empty()) return json::Value(json::Object{});
    if (request.body.size() > max_body) return refuse(too_large);
    const auto content_type = request.fields.find("Content-Type");
    if (content_type && !is_json(*content_type)) return refuse(wrong_media_type);
    auto value = json::parse(request.body);
    if (!value) return refuse(has_trailing_comma(request.body) ? trailing_comma : broken_json);
    return std::move(*value);
}

ManagementApi::ManagementApi(Services& services, std::vector<std::span<const ManagementRoute>> tables, TrustedProxies proxies)
    : services_(services), proxies_(std::move(proxies)) {
    std::vector<const ManagementRoute*> routes;
    for (const auto& table : tables) {
        for (const auto& route : table) routes.push_back(&route);
    }
    // `{` sorts behind all letters: a path of words is tried before one that has a parameter in the same place.
    std::ranges::sort(routes, {}, [](const auto* route) { return std::pair{route->path, route->method}; });
    for (const auto* route : routes) {
        const bool repeated = !routes_.empty() && routes_.back().path == route->path && routes_.back().method == route->method;
        if (repeated) throw std::logic_error(fmt::format("{} {} is registered twice", http::to_text(route->method), route->path));
        routes_.push_back(*route);
    }
}

awaitable<http::Response> ManagementApi::handle(http::Request& request) const {
    const auto id = request_id(request);
    const auto match = find_route(routes_, request.method, request.path.substr(std::min(prefix.size(), request.path.size())));
    auto response = co_await answer(services_, routes_, proxies_, request, match, id);
    if (response.status == 405) response.set("Allow", match.allowed);
    response.set("x-neon-ret-request-id", id);
    response.set("X-Request-ID", id);
    co_return response;
}
}  // namespace argon::api
