#include "api/legacy.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "api/body.hpp"
#include "api/delivery.hpp"
#include "api/legacy_admission.hpp"
#include "api/legacy_headers.hpp"
#include "api/limits.hpp"
#include "api/management_path.hpp"
#include "api/request_id.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "pg/errors.hpp"

namespace argon::api {
namespace {
constexpr std::string_view prefixes[] = {"/api/v1", "/api/latest"};
constexpr ErrorSpec not_found{404, "", "Not found: this path is not part of the API"};
constexpr ErrorSpec too_many{429, "", "Too many requests. Please try again later."};
constexpr ErrorSpec too_large{413, "", "The request body must not exceed 64 KiB"};
constexpr ErrorSpec no_endpoint{503, "", "The endpoint of the project's branch is disabled"};

struct KnownErrorBody {
    std::string_view code;
    const std::string& details;
    std::string_view message;

    static void fields(auto& f, const auto& error) {
        f.required("code", error.code);
        if (!error.details.empty()) f.required("details", json::Raw{error.details});
        f.required("error", error.message);
    }
};

/// Known errors are JSON; others are plain text. What went wrong inside is nobody's business outside.
http::Response to_legacy_response(const Error& error) {
    const bool is_known = !error.code().empty() && error.status() < 500;
    auto response = is_known ? http::Response::text(error.status(), "application/json; charset=utf-8",
                                                    json::encode(KnownErrorBody{error.code(), error.details(), error.message()}))
                             : http::Response::text(error.status(), "text/plain; charset=utf-8", std::string{error.message()});
    if (is_known) set_both(response, "Known-Error", std::string{error.code()});
    if (const auto wait = error.retry_after()) response.add("Retry-After", std::to_string(wait->count()));
    return response;
}

Error too_often(std::chrono::seconds wait) { return Error{too_many}.retry_after(wait); }

awaitable<Result<>> check_limit(const LegacyContext& ctx, const LegacyRoute& route) {
    if (!ctx.limits || route.options.limit.is_default()) co_return Result<>{};
    const auto subject = fmt::format("legacy|{}|{}", ctx.client_address, route.path);
    const auto wait = co_await ctx.limits->count_request(subject, route.options.limit);
    if (wait) co_return std::unexpected(too_often(*wait));
    co_return Result<>{};
}

std::string subject_of(const LegacyContext& ctx, std::string_view email) { return fmt::format("legacy|{}|{}", ctx.project_id(), email); }
}  // namespace

awaitable<Result<>> brake_account(LegacyContext& ctx, std::string_view email) {
    if (!ctx.limits) co_return Result<>{};
    const auto subject = subject_of(ctx, email);
    const auto wait = co_await ctx.limits->try_account(subject);
    if (wait) co_return std::unexpected(too_often(*wait));
    co_return Result<>{};
}

awaitable<> forgive_account(LegacyContext& ctx, std::string_view email) {
    if (!ctx.limits) co_return;
    const auto subject = subject_of(ctx, email);
    co_await ctx.limits->forgive(subject);
}

awaitable<Result<>> brake_mail(LegacyContext& ctx, std::string_view email) {
    if (!ctx.limits) co_return Result<>{};
    const auto subject = subject_of(ctx, email);
    const auto wait = co_await ctx.limits->count_mail(subject);
    if (wait) co_return std::unexpected(too_often(*wait));
    co_return Result<>{};
}

std::string_view to_text(LegacyAccess access) {
    constexpr std::string_view names[] = {"open", "client", "server", "admin"};
    return names[static_cast<int>(access)];
}

std::optional<std::string_view> LegacyContext::header(std::string_view name) const { return find_either(request, name); }

Result<json::Value> LegacyContext::parsed_body() const {
    if (request.body.empty()) return json::Value(json::Object{});
    auto parsed = parse_body(request, options.accepts_form);
    if (parsed && !*parsed) return std::unexpected(known::body_parsing_error("The request's content type is missing"));
    if (parsed) return std::move(**parsed);
    if (parsed.error().status() == 413) return refuse(too_large);
    return std::unexpected(known::body_parsing_error(std::string{parsed.error().message()}));
}

Result<json::Value> LegacyContext::parsed_query() const {
    json::Object object;
    for (const auto& [name, value] : query) {
        if (!is_storable_text(name) || !is_storable_text(value))
            return std::unexpected(known::schema_error("[query] Invalid input: text is not UTF-8"));
        if (!name.empty() && !object.contains(name)) object[name] = value;
    }
    return json::Value(std::move(object));
}

awaitable<Result<>> enter_project(LegacyContext& ctx, std::string project_uuid) {
    ctx.project = co_await branches::find_integration(ctx.services.control(), project_uuid);
    if (!ctx.project) co_return std::unexpected(known::current_project_not_found(is_storable_text(project_uuid) ? project_uuid.substr(0, 64) : "?"));
    ctx.keys = legacy::project_keys(ctx.services.master_key, ctx.project_id());
    ctx.branch = co_await ctx.services.registry.find_legacy(ctx.services.control(), ctx.project_id(), ctx.project->branch_id, ctx.project->database);
    if (!ctx.branch) co_return refuse(no_endpoint);
    ctx.pool = co_await ctx.services.registry.pool(*ctx.branch);
    co_return Result<>{};
}

awaitable<Result<>> brake_user(LegacyContext& ctx, const UserId& user, std::string_view kind, Limit limit) {
    if (!ctx.limits) co_return Result<>{};
    const auto subject = fmt::format("legacy|{}|{}|{}", ctx.project_id(), kind, user.value);
    const auto wait = co_await ctx.limits->count_request(subject, limit);
    if (wait) co_return std::unexpected(too_often(*wait));
    co_return Result<>{};
}

LegacyApi::LegacyApi(Services& services, identity::HashThreads& hash_threads, std::vector<std::span<const LegacyRoute>> tables,
                     TrustedProxies proxies, bool rate_limit)
    : services_(services), hash_threads_(hash_threads), proxies_(std::move(proxies)), rate_limit_(rate_limit) {
    std::vector<const LegacyRoute*> routes;
    for (const auto& table : tables) {
        for (const auto& route : table) routes.push_back(&route);
    }
    // `{` sorts behind all letters: a path of words is tried before one that has a parameter in the same place.
    std::ranges::sort(routes, {}, [](const auto* route) { return std::pair{route->path, route->method}; });
    for (const auto* route : routes) {
        const bool repeated = !routes_.empty() && routes_.back().path == route->path && routes_.back().method == route->method;
        if (repeated) throw std::logic_error(fmt::format("{} {} is registered twice", http::to_text(route->method), route->path));
        const bool is_blind = route->access > LegacyAccess::client && !route->handler.decodes();
        if (is_blind) throw std::logic_error(fmt::format("{} {} does not say what it takes", http::to_text(route->method), route->path));
        routes_.push_back(*route);
    }
}

bool LegacyApi::owns(std::string_view path) {
    return std::ranges::any_of(prefixes,
                               [&](auto prefix) { return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/'); });
}

LegacyApi::Match LegacyApi::find(http::Method method, std::string_view path) const {
    for (const auto prefix : prefixes) {
        if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
    }
    if (path.empty()) path = "/";
    for (const auto& route : routes_) {
        if (route.method != method) continue;
        if (auto parameters = match_path(route.path, path)) return {&route, std::move(*parameters)};
    }
    return {};
}

awaitable<Result<http::Response>> LegacyApi::serve(const http::Request& request, const std::string& request_id) {
    const auto match = find(request.method, request.path);
    if (!match.route) co_return refuse(not_found);
    LegacyContext ctx{.services = services_,
                      .request = request,
                      .hash_threads = hash_threads_,
                      .now = now(),
                      .request_id = request_id,
                      .client_address = client_address(request, proxies_),
                      .options = match.route->options,
                      .limits = rate_limit_ ? services_.limits : nullptr,
                      .path_parameters = {},
                      .query = http::parse_query(request.query),
                      .project = {},
                      .keys = {},
                      .branch = {},
                      .pool = {},
                      .token = {}};
    const auto paced = co_await check_limit(ctx, *match.route);
    if (!paced) co_return std::unexpected(paced.error());
    const auto admitted = co_await admit(ctx, *match.route, match.parameters);
    if (!admitted) co_return std::unexpected(admitted.error());
    auto result = co_await match.route->handler.run(ctx);
    if (ctx.has_deliveries && services_.delivery) services_.delivery->wake(services_, ctx.branch);
    co_return std::move(result);
}

awaitable<http::Response> LegacyApi::answer(const http::Request& request, const std::string& request_id) {
    try {
        auto result = co_await serve(request, request_id);
        co_return result ? std::move(*result) : to_legacy_response(result.error());
    } catch (const pg::Unavailable& fault) {
        log::warn("legacy request put off", {{"request_id", request_id}, {"path", request.path}, {"reason", fault.what()}});
        co_return to_legacy_response(Error{unavailable}.retry_after(1s));
    } catch (const std::exception& fault) {
        log::error("legacy request failed", {{"request_id", request_id}, {"path", request.path}, {"reason", fault.what()}});
    }
    co_return to_legacy_response(internal_error);
}

awaitable<http::Response> LegacyApi::handle(http::Request& request) {
    const auto id = request_id(request);
    http::Response response;
    if (request.method == http::Method::options) {
        response = http::Response::empty(200);
    } else {
        response = co_await answer(request, id);
    }
    finish_legacy(request, id, response);
    co_return response;
}
}  // namespace argon::api
