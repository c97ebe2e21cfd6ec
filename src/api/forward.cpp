#include "api/forward.hpp"

#include <algorithm>

#include "api/management_key.hpp"
#include "api/run_endpoint.hpp"

namespace argon::api {

awaitable<Result<http::Response>> forward(const ManagementContext& ctx, http::Method method, std::string_view path_template,
                                          PathParameters parameters, std::optional<json::Value> body) {
    const auto route = std::ranges::find_if(ctx.routes, [&](const auto& one) { return one.method == method && one.path == path_template; });
    if (route == ctx.routes.end()) throw std::logic_error("no such route to forward to");
    if (auto allowed = check_limits(ctx.caller, method, *route, parameters); !allowed) co_return std::unexpected(allowed.error());
    // The views in the copy look into the original's text, which outlives this call.
    http::Request request = ctx.request;
    request.method = method;
    if (body) request.body = json::to_text(*body);
    ManagementContext other{.services = ctx.services,
                            .request = request,
                            .control = ctx.control,
                            .now = ctx.now,
                            .request_id = ctx.request_id,
                            .caller = ctx.caller,
                            .path_parameters = std::move(parameters),
                            .query_parameters = {},
                            .routes = ctx.routes};
    co_return co_await run_endpoint(*route, other);
}
}  // namespace argon::api
