#include "api/dispatch.hpp"

#include <fmt/format.h>

#include "api/audit.hpp"
#include "api/body.hpp"
#include "api/brakes.hpp"
#include "api/cors.hpp"
#include "api/delivery.hpp"
#include "api/guards.hpp"
#include "api/limits.hpp"
#include "api/request_id.hpp"
#include "base/log.hpp"
#include "pg/errors.hpp"

namespace argon::api {
namespace {
constexpr ErrorSpec no_branch{404, "NOT_FOUND", "No auth service at this address: check base_url"};
constexpr std::string_view auth_segment = "/auth";

struct ErrorBody {
    std::string_view message;
    std::string_view code;

    static void fields(auto& f, const auto& error) {
        f.required("message", error.message);
        if (!error.code.empty()) f.required("code", error.code);
    }
};

constexpr ErrorSpec schema_changed{503, "SERVICE_UNAVAILABLE",
                                   "The tables of the auth service were changed; the owner of the database has to undo that"};
constexpr ErrorSpec refused_by_database{422, "REFUSED_BY_DATABASE", "The database refused the change"};

/// The database is its owner's, and so are triggers and constraints on our tables. What they say is for the log: it may hold data.
Error to_error(const pg::QueryError& fault) {
    if (fault.misses_something()) return Error{schema_changed};
    if (fault.is_objection()) return Error{refused_by_database};
    return Error{internal_error};
}

void log_fault(const Context& ctx, std::string_view kind, std::string_view reason) {
    log::error("request failed",
               {{"request_id", ctx.request_id}, {"branch", ctx.branch->branch.value}, {"path", ctx.path}, {"kind", kind}, {"reason", reason}});
}

json::Object members_of(const json::Object& schema) {
    const auto* properties = schema.if_contains("properties");
    return properties ? properties->get_object() : json::Object{};
}

/// Whom an administrator's request is about: the user's id, or the address of one that is made. Never another value.
std::string target_of(const Context& ctx) {
    for (const auto* member : {"userId", "email"}) {
        const auto* value = ctx.parsed_body ? json::find(*ctx.parsed_body, member) : nullptr;
        if (value && value->is_string()) return std::string{value->get_string()};
    }
    return {};
}

AuditEntry audit_entry(const Context& ctx, const Route& route) {
    return {.actor = ctx.actor,
            .action = std::string{route.docs->operation},
            .target = target_of(ctx),
            .branch_id = ctx.branch->branch.value,
            .client_address = ctx.client_address,
            .request_id = ctx.request_id};
}
}  // namespace

http::Response to_response(const Error& error) {
    auto response = error.message().empty() ? http::Response::empty(error.status())
                                            : http::Response::json(error.status(), ErrorBody{error.message(), error.code()});
    if (const auto wait = error.retry_after()) response.add("Retry-After", std::to_string(wait->count()));
    return response;
}

std::vector<ErrorSpec> refusals_of(const Route& route) {
    std::vector<ErrorSpec> all;
    const auto add = [&](const auto& refusals) { all.insert(all.end(), refusals.begin(), refusals.end()); };
    if (!route.docs) return all;
    const auto& docs = *route.docs;
    json::Object components;
    if (docs.body || docs.parameters) all.push_back(errors::validation);
    if (route.method != Method::get) add(Refusals{errors::invalid_json, errors::body_too_large, errors::unsupported_media_type});
    if (route.method != Method::get) add(Refusals{errors::missing_or_null_origin, errors::invalid_origin});
    if (route.options.accepts_form) all.push_back(errors::invalid_form);
    if (docs.body) add(target_refusals(members_of(docs.body(components))));
    if (docs.needs != Needs::nothing) all.push_back(errors::unauthorized);
    if (docs.needs == Needs::fresh_session) all.push_back(errors::session_not_fresh);
    add(docs.refusals);
    add(Refusals{errors::too_many_requests, refused_by_database, internal_error, unavailable});
    return all;
}

AuthService::AuthService(Services& services, identity::HashThreads& hash_threads, std::vector<std::span<const Route>> features, AuthConfig config)
    : services_(services), hash_threads_(hash_threads), routes_(std::move(features)), config_(std::move(config)) {}

bool AuthService::owns(const http::Request& request) const { return split(request).has_value(); }

/// Only the database's name is percent-decoded: everything below it is compared as sent, so no spelling of a path has its own counter.
std::optional<AuthService::Address> AuthService::split(const http::Request& request) const {
    std::string_view path = request.path;
    Address address;
    if (auto endpoint = services_.addresses.endpoint_of_host(request.host)) {
        address.endpoint = std::move(*endpoint);
        address.by_host = true;
    } else if (!services_.addresses.single_branch) {
        if (!path.starts_with("/ep-")) return {};
        const auto slash = path.find('/', 1);
        if (slash == std::string_view::npos) return {};
        address.endpoint = path.substr(1, slash - 1);
        path.remove_prefix(slash);
    }
    const auto slash = path.size() > 1 ? path.find('/', 1) : std::string_view::npos;
    if (slash == std::string_view::npos) return {};
    const auto rest = path.substr(slash);
    if (!rest.starts_with(auth_segment) || (rest.size() > auth_segment.size() && rest[auth_segment.size()] != '/')) return {};
    const auto database = http::percent_decode(path.substr(1, slash - 1));
    if (!database || database->empty() || database->size() > 63 || database->find('\0') != std::string::npos || address.endpoint.size() > 64)
        return {};
    address.database = *database;
    address.path = rest.substr(auth_segment.size());
    return address;
}

awaitable<http::Response> AuthService::handle(http::Request& request) {
    const auto address = split(request);
    http::Response response;
    std::string problem;
    try {
        response = co_await serve(request, *address);
        co_return response;
    } catch (const pg::Unavailable& error) {
        problem = error.what();
    } catch (const std::exception& error) {
        problem = error.what();
    }
    // Before a branch and its settings are there, nothing can be the client's fault.
    log::error("branch is not available", {{"endpoint", address->endpoint}, {"database", address->database}, {"reason", problem}});
    co_return to_response(Error{unavailable}.retry_after(std::chrono::seconds{1}));
}

awaitable<http::Response> AuthService::serve(http::Request& request, const Address& address) {
    const auto branch = co_await services_.registry.find(services_.control(), address.endpoint, address.database);
    if (!branch) co_return to_response(no_branch);
    auto pool = co_await services_.registry.pool(*branch);
    auto auth = co_await load_branch_auth(services_, branch, *pool);
    auto& db = *pool;
    Context ctx{.services = services_,
                .request = request,
                .branch = branch,
                .auth = std::move(auth),
                .pool = std::move(pool),
                .hash_threads = hash_threads_,
                .db = db,
                .path = address.path,
                .by_host = address.by_host,
                .parameter = {},
                .query = http::parse_query(request.query),
                .parsed_body = {},
                .client_address = client_address(request, config_.proxies),
                .request_id = request_id(request),
                .now = now(),
                .routes = &routes_};
    if (ctx.settings().advanced.rateLimit.enabled.value_or(config_.rate_limit)) ctx.limits = services_.limits;
    if (is_preflight(request)) co_return answer_preflight(request, ctx.auth->trusted);
    auto response = co_await run(ctx);
    if (ctx.has_deliveries && services_.delivery) services_.delivery->wake(services_, branch);
    allow_origin(request, ctx.auth->trusted, response);
    response.set("x-neon-ret-request-id", ctx.request_id);
    co_return response;
}

awaitable<http::Response> AuthService::run(Context& ctx) {
    auto limited = co_await check_limit(ctx);
    if (limited) co_return std::move(*limited);
    const auto* route = routes_.find(ctx.request.method, ctx.path);
    const bool exists = route && (!route->options.exists || route->options.exists(ctx.settings()));
    if (!exists) co_return http::Response::empty(404);
    ctx.parameter = RouteTable::parameter(*route, ctx.path);

    std::optional<Result<http::Response>> result;
    try {
        result = co_await call(ctx, *route);
        if (route->options.audited && *result) co_await record_audit(services_, audit_entry(ctx, *route));
    } catch (const pg::Unavailable& fault) {
        log_fault(ctx, "unavailable", fault.what());
        result = std::unexpected(Error{unavailable}.retry_after(std::chrono::seconds{1}));
    } catch (const pg::QueryError& fault) {
        log_fault(ctx, "refused by the database", fault.what());
        result = std::unexpected(to_error(fault));
    } catch (const std::exception& fault) {
        log_fault(ctx, "fault", fault.what());
        result = std::unexpected(Error{internal_error});
    }
    co_return *result ? std::move(**result) : to_response(result->error());
}

awaitable<Result<http::Response>> AuthService::call(Context& ctx, const Route& route) {
    const bool changes = route.method != Method::get;
    if (changes) {
        auto body = parse_body(ctx.request, route.options.accepts_form);
        if (!body) co_return std::unexpected(body.error());
        ctx.parsed_body = std::move(*body);
        if (route.options.from_anywhere) co_return co_await route.endpoint(ctx);
        if (auto checked = check_cookie_origin(ctx); !checked) co_return std::unexpected(checked.error());
        if (auto checked = check_redirect_targets(ctx); !checked) co_return std::unexpected(checked.error());
    }
    co_return co_await route.endpoint(ctx);
}

awaitable<std::optional<http::Response>> AuthService::check_limit(const Context& ctx) {
    if (!ctx.limits) co_return std::nullopt;
    const auto subject = fmt::format("{}|{}|{}", ctx.branch->endpoint.value, ctx.client_address, routes_.listed(ctx.path).substr(0, 256));
    const auto wait = co_await ctx.limits->count_request(subject, routes_.limit(ctx.path));
    if (!wait) co_return std::nullopt;
    co_return too_many_requests(*wait);
}
}  // namespace argon::api
