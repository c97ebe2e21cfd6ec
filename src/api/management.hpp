// The management API's pipeline: path templates, the API key, strict bodies, GeneralError answers with a request id.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/client_address.hpp"
#include "api/description.hpp"
#include "api/services.hpp"
#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "json/decoder.hpp"

namespace argon::api {

/// Who calls: the account behind the API key.
struct Caller {
    std::int64_t key_id = 0;
    std::string account_id;
    std::optional<ProjectId> project_id;  ///< the only project the key is good for
    bool read_only = false;
};

struct ManagementContext;
using ManagementEndpoint = awaitable<Result<http::Response>>(ManagementContext&);

/// What a route wants of an API key.
enum class Access {
    key,
    project_in_body,  ///< the project is named in the body: a key that is limited to one is judged by require_body_project
    open
};

struct ManagementRoute {
    http::Method method;
    std::string_view path;  ///< below /api/v2, with {names}: "/projects/{project_id}/branches"
    ManagementEndpoint& endpoint;
    const Description* docs = nullptr;
    Access access = Access::key;
};

struct BranchPlace {
    ProjectId project;
    BranchId branch;
};

struct ManagementContext {
    Services& services;
    const http::Request& request;
    pg::Pool& control;
    TimePoint now;
    std::string request_id;
    Caller caller;
    std::map<std::string, std::string, std::less<>> path_parameters;
    http::QueryParameters query_parameters;
    std::optional<BranchPlace> working_in = {};  ///< the branch in whose database the endpoint runs statements
    std::span<const ManagementRoute> routes;  ///< the whole API, for the endpoint that describes it

    /// A parameter of the route's template, already checked to be `^[a-z0-9-]{1,60}$` or, for names, percent-decoded.
    const std::string& parameter(std::string_view name) const { return path_parameters.find(name)->second; }

    /// The body as T, decoded strictly: unknown and mistyped members are refused with 400 and named. An empty body is `{}`.
    template <class T>
    Result<T> body() const {
        auto value = json_body();
        if (!value) return std::unexpected(value.error());
        T target{};
        auto issues = json::decode_strict(&*value, "body", target);
        if (!issues.empty()) return refuse_with({400, "", ""}, "invalid request: " + issues);
        return target;
    }
    /// The body as it came, for endpoints that must tell null from absent. An empty body is `{}`.
    Result<json::Value> json_body() const;
};

/// Matches, authenticates, runs. Owned by one thread's server or shared: it has no state after construction.
class ManagementApi {
public:
    /// Throws std::logic_error when a method and path is registered twice.
    ManagementApi(Services& services, std::vector<std::span<const ManagementRoute>> tables, TrustedProxies proxies);

    /// Answers requests whose path starts with /api/v2.
    awaitable<http::Response> handle(http::Request& request) const;

private:
    Services& services_;
    TrustedProxies proxies_;
    std::vector<ManagementRoute> routes_;
};
}  // namespace argon::api
