#include "auth/reference/reference.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "api/dispatch.hpp"
#include "api/openapi.hpp"

namespace argon::auth::reference {
namespace {
using json::Object;

constexpr api::Route table[] = {
    {http::Method::get, "/open-api/generate-schema", document, {}, &api::unlisted},
    {http::Method::get, "/reference", page, {}, &api::unlisted},
    {http::Method::get, "/reference/page.js", script, {}, &api::unlisted},
    {http::Method::get, "/reference/page.css", style, {}, &api::unlisted},
    {http::Method::get, "/reference/scalar.js", scalar, {}, &api::unlisted},
};

struct Group {
    std::string_view part;  ///< of the path
    std::string_view name;
};

/// A route belongs to the first group whose part its path contains. The names are those of the reference implementation's document.
constexpr Group groups[] = {
    {"/admin/", "Admin"},
    {"email-otp", "Email-otp"},
    {"/token/anonymous", "Anonymous-token"},
    {"/token", "Jwt"},
    {"jwks", "Jwt"},
    {"/organization/", "Organization"},
    {"magic-link", "Magic-link"},
    {"phone-number", "Phone-number"},
    {"", "Default"},
};

std::string_view group_of(std::string_view path) {
    if (path == "/reset-password/{token}") return "Default";
    return std::ranges::find_if(groups, [&](const Group& group) { return path.contains(group.part); })->name;
}

// What differs between branches with the same routes.
constexpr std::string_view server_here = "{server}";
constexpr std::string_view cookie_here = "{cookie}";

Object security_schemes() {
    return {{"apiKeyCookie", Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", cookie_here}, {"description", "The session's cookie"}}},
            {"bearerAuth", Object{{"type", "http"}, {"scheme", "bearer"}, {"description", "The session's token, as sign-in answers it"}}}};
}

std::string make_document(const std::vector<const api::Route*>& routes) {
    const api::ApiOutline outline{.title = "Better Auth",
                                  .version = "1.1.0",
                                  .description = "The auth service of this branch. Bodies and answers are JSON; a session travels in a cookie.",
                                  .server = server_here,
                                  .key_schemes = {"apiKeyCookie", "bearerAuth"},
                                  .security_schemes = security_schemes(),
                                  .strict_bodies = false};
    std::vector<api::DescribedRoute> described;
    for (const auto* route : routes) {
        const bool needs_session = route->docs && route->docs->needs != api::Needs::nothing;
        described.push_back(
            {route->method, route->path, route->docs, group_of(route->path), needs_session, route->options.accepts_form, api::refusals_of(*route)});
    }
    return api::make_openapi(outline, described);
}

void fill_in(std::string& text, std::string_view placeholder, const std::string& value) {
    const auto quoted = json::encode(std::string{placeholder});
    const auto at = text.find(quoted);
    if (at != std::string::npos) text.replace(at, quoted.size(), json::encode(value));
}

/// Where the service was asked, so that a page that came from there may send requests there.
std::string server_of(const api::Context& ctx) {
    return ctx.origin() + std::string{ctx.request.path.substr(0, ctx.request.path.size() - ctx.path.size())};
}

/// Made once for every set of routes that some branch has.
std::string find_document(const std::vector<const api::Route*>& routes) {
    static std::mutex mutex;
    static std::map<std::vector<const api::Route*>, std::string> documents;
    const std::lock_guard lock{mutex};
    auto& text = documents[routes];
    if (text.empty()) text = make_document(routes);
    return text;
}

}  // namespace

awaitable<Result<http::Response>> document(api::Context& ctx) {
    std::vector<const api::Route*> routes;
    for (const auto& route : ctx.routes->all()) {
        const bool exists = !route.options.exists || route.options.exists(ctx.settings());
        if (exists && route.docs && route.docs != &api::unlisted) routes.push_back(&route);
    }
    auto text = find_document(routes);
    fill_in(text, server_here, server_of(ctx));
    fill_in(text, cookie_here, ctx.auth->cookie_prefix + "session_token");
    co_return http::Response::text(200, "application/json", std::move(text));
}

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::reference
