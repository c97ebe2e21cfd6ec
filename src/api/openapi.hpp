// An OpenAPI 3.1 document out of route tables and the types behind them. Knows no face of the program: whoever has routes describes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/description.hpp"
#include "http/message.hpp"

namespace argon::api {

struct DescribedRoute {
    http::Method method;
    std::string_view path;                ///< below `Api::server`, with {names}
    const Description* docs = nullptr;    ///< none: only method and path are told
    std::string_view group;               ///< routes of a group stand together on the reference page
    bool needs_key = true;
    bool accepts_form = false;            ///< the body may come as a form
    std::vector<ErrorSpec> refusals = {}; ///< all of them, by status; the same one twice counts once
};

/// What all routes have in common.
struct ApiOutline {
    std::string_view title;
    std::string_view version;
    std::string_view description;
    std::string_view server;              ///< URL of the routes, absolute or from the document's own origin: /api/v2
    std::vector<std::string_view> key_schemes;  ///< names of the security schemes of which routes with `needs_key` want one
    json::Object security_schemes;
    json::Shape error = nullptr;          ///< every refusal that no route lists
    json::Object (*path_parameter)(std::string_view name) = nullptr;  ///< the schema of a {name}
    bool strict_bodies = true;            ///< members that nobody reads are refused
};

std::string make_openapi(const ApiOutline& api, const std::vector<DescribedRoute>& routes);

/// `get` and `/projects/{project_id}/things` give `getProjectsProjectIdThings`: for routes that nobody has described.
std::string make_operation_id(std::string_view method, std::string_view path);
}  // namespace argon::api
