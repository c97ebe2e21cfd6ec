// What the management API says of itself: an OpenAPI document made from its route tables, and a page that shows it. Neither is a secret,
// so neither wants an API key.
#include <algorithm>
#include <ranges>

#include "api/general_error.hpp"
#include "api/management.hpp"
#include "api/openapi.hpp"
#include "api/reference_page.hpp"

namespace argon::management::reference {
namespace {
api::ManagementEndpoint document, page, script, style;
extern const api::Description document_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/openapi.json", document, &document_docs, api::Access::open},
    {http::Method::get, "/reference", page, nullptr, api::Access::open},
    {http::Method::get, "/reference/page.js", script, nullptr, api::Access::open},
    {http::Method::get, "/reference/page.css", style, nullptr, api::Access::open},
};

struct Group {
    std::string_view part;  ///< of the path
    std::string_view name;
};

/// A route belongs to the first group whose part its path contains; on the page the last group comes first.
constexpr Group groups[] = {
    {"/openapi.json", "This document"},
    {"{branch_id}/auth", "Auth of a branch"},
    {"/auth/", "Legacy auth of a project"},
    {"/databases", "Databases"},
    {"/roles", "Roles"},
    {"/endpoints", "Endpoints"},
    {"/operations", "Operations"},
    {"/branches", "Branches"},
    {"/projects", "Projects"},
    {"/api_keys", "API keys"},
    {"", "Account"},
};

constexpr std::string_view about =
    "Projects, branches and the auth service of each branch. Every request carries `Authorization: Bearer <API key>`; bodies and answers are JSON. "
    "What is named in an answer can be used when the answer arrives.";

const Group& group_of(std::string_view path) {
    return *std::ranges::find_if(groups, [&](const Group& group) { return path.contains(group.part); });
}

json::Object path_parameter(std::string_view name) {
    if (name == "auth_provider") return {{"type", "string"}, {"enum", {"stack", "better_auth"}}};
    if (name.ends_with("_name")) return {{"type", "string"}, {"minLength", 1}, {"maxLength", 63}};
    return {{"type", "string"}, {"pattern", "^[a-z0-9-]{1,60}$"}};
}

std::string make_document(std::span<const api::ManagementRoute> all) {
    const api::ApiOutline outline{
        .title = "Argonauth management API",
        .version = "v2",
        .description = about,
        .server = "/api/v2",
        .key_schemes = {"BearerAuth"},
        .security_schemes = {{"BearerAuth", json::Object{{"type", "http"}, {"scheme", "bearer"}, {"description", "An API key"}}}},
        .error = &json::describe_given<api::GeneralError>,
        .path_parameter = &path_parameter};
    std::vector<api::DescribedRoute> described;
    for (const auto& group : groups | std::views::reverse) {
        for (const auto& route : all) {
            const bool for_people = route.path.starts_with("/reference");
            if (for_people || &group_of(route.path) != &group) continue;
            described.push_back({route.method, route.path, route.docs, group.name, route.access != api::Access::open});
        }
    }
    return api::make_openapi(outline, described);
}

constexpr api::Description document_docs = api::describe<void, json::Object>("getOpenApiDocument", "Show this document");
awaitable<Result<http::Response>> document(api::ManagementContext& ctx) {
    static const std::string text = make_document(ctx.routes);  // the tables do not change while the program runs
    co_return http::Response::text(200, "application/json", text);
}

awaitable<Result<http::Response>> page(api::ManagementContext&) { co_return api::reference_page("openapi.json"); }
awaitable<Result<http::Response>> script(api::ManagementContext&) { co_return api::reference_script(); }
awaitable<Result<http::Response>> style(api::ManagementContext&) { co_return api::reference_style(); }
}  // namespace

std::span<const api::ManagementRoute> routes() { return table; }
}  // namespace argon::management::reference
