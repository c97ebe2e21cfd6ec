// One route of the management API answered by another: paths of a project that mean its branch.
#pragma once

#include "api/management.hpp"
#include "api/management_path.hpp"

namespace argon::api {

/// Runs the route of this method and template for the same caller, with the parameters given and, if there is one, another body.
awaitable<Result<http::Response>> forward(const ManagementContext& ctx, http::Method method, std::string_view path_template,
                                          PathParameters parameters, std::optional<json::Value> body = {});
}  // namespace argon::api
