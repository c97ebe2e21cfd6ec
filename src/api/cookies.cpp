#include "api/cookies.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/signed_cookie.hpp"

namespace argon::api {
namespace {
std::string_view unquote(std::string_view value) {
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    return quoted ? value.substr(1, value.size() - 2) : value;
}

/// Calls `visit(name, value)` for each cookie until it returns true.
template <class Visit>
void for_each_cookie(const http::Request& request, Visit visit) {
    for (const auto& [field, text] : request.fields) {
        if (!http::equal_ignoring_case(field, "Cookie")) continue;
        auto rest = text;
        while (!rest.empty()) {
            const auto pair = http::trim(rest.substr(0, rest.find(';')));
            rest.remove_prefix(std::min(rest.find(';') == std::string_view::npos ? rest.size() : rest.find(';') + 1, rest.size()));
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos) continue;
            if (visit(http::trim(pair.substr(0, equals)), unquote(http::trim(pair.substr(equals + 1))))) return;
        }
    }
}

/// The server half of Neon's SDK hands cookies on to browsers as they are, but for the app's host: there the path of a branch would keep them
/// from every page. A browser that sends its headers says what it is, and gets the branch's path all the same.
bool is_for_an_apps_host(const Context& ctx) {
    const auto& fields = ctx.request.fields;
    // The third is the name that 0.1 had for the first.
    constexpr std::string_view marks[] = {"X-Neon-Auth-Middleware", "X-Neon-Auth-Proxy", "X-Neon-Auth-Next-Middleware"};
    const bool says_so = std::ranges::any_of(marks, [&](auto mark) { return !fields.get(mark).empty(); });
    return says_so && fields.get("Sec-Fetch-Site").empty();
}
}  // namespace

std::optional<std::string_view> find_cookie(const Context& ctx, std::string_view name) {
    const auto& prefix = ctx.auth->cookie_prefix;
    std::optional<std::string_view> found;
    for_each_cookie(ctx.request, [&](std::string_view cookie, std::string_view value) {
        const bool matches = cookie.size() == prefix.size() + name.size() && cookie.starts_with(prefix) && cookie.ends_with(name);
        if (matches) found = value;
        return matches;
    });
    return found;
}

std::optional<std::string> find_signed_cookie(const Context& ctx, std::string_view name) {
    const auto value = find_cookie(ctx, name);
    if (!value) return {};
    return crypto::open_signed(ctx.auth->cookie_key, http::percent_decode(*value).value_or(std::string{*value}));
}

void set_cookie(const Context& ctx, http::Response& response, std::string_view name, std::string_view value,
                std::optional<std::chrono::seconds> max_age) {
    const auto age = max_age ? fmt::format("; Max-Age={}", max_age->count()) : std::string{};
    response.add("Set-Cookie", fmt::format("{}{}={}{}{}", ctx.auth->cookie_prefix, name, http::percent_encode(value), age,
                                           ctx.by_host || is_for_an_apps_host(ctx) ? ctx.auth->host_cookie_attributes : ctx.auth->cookie_attributes));
}

void set_signed_cookie(const Context& ctx, http::Response& response, std::string_view name, std::string_view value,
                       std::optional<std::chrono::seconds> max_age) {
    set_cookie(ctx, response, name, crypto::sign_cookie(ctx.auth->cookie_key, value), max_age);
}

void clear_cookie(const Context& ctx, http::Response& response, std::string_view name) {
    set_cookie(ctx, response, name, "", std::chrono::seconds{0});
}
}  // namespace argon::api
