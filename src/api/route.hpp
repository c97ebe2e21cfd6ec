// Route tables: a feature lists its surface as data.
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "api/context.hpp"
#include "api/description.hpp"
#include "api/rate_limit.hpp"

namespace argon::api {
using http::Method;

struct RouteOptions {
    Limit limit{};          ///< the default rule unless given
    bool accepts_form = false;  ///< application/x-www-form-urlencoded besides JSON
    /// Other sites post here on purpose, and it changes nothing.
    bool from_anywhere = false;
    /// What it does with an administrator's rights goes into the audit trail.
    bool audited = false;
    /// Where the setting is off the route does not exist.
    bool (*exists)(const identity::Settings& settings) = nullptr;
};

struct Route {
    Method method;
    std::string_view path;  ///< below base_url; may end in one `{parameter}`
    Endpoint& endpoint;
    RouteOptions options{};
    /// `describe<Body, Reply, Query>(...)` beside the handler, or `unlisted`.
    const Description* docs = nullptr;
};

class RouteTable {
public:
    /// Throws std::logic_error when a method and path is listed twice.
    explicit RouteTable(std::vector<std::span<const Route>> features);
    RouteTable(const RouteTable&) = delete;

    std::span<const Route> all() const { return routes_; }
    const Route* find(Method method, std::string_view path) const;
    /// The rule of the path whatever the method: wrong methods count too (auth-wire-facts.md, fact 48).
    Limit limit(std::string_view path) const;
    /// The path as listed, or as it came when no route has it: guesses at a parameter share one counter.
    std::string_view listed(std::string_view path) const;
    /// What stands for the parameter of the route that was found.
    static std::string parameter(const Route& route, std::string_view path);

private:
    std::vector<Route> routes_;
    std::map<std::pair<std::string_view, Method>, const Route*> index_;
};
}  // namespace argon::api
