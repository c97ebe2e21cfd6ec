// One request to a branch's auth service, with everything its handler needs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/branch_auth.hpp"
#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "identity/passwords.hpp"
#include "identity/sessions.hpp"
#include "json/decoder.hpp"

namespace argon::api {

namespace errors {
inline constexpr ErrorSpec validation{400, "VALIDATION_ERROR", "Validation error"};
inline constexpr ErrorSpec unauthorized{401, "UNAUTHORIZED", "Unauthorized"};
inline constexpr ErrorSpec session_not_fresh{403, "SESSION_NOT_FRESH", "Session is not fresh"};
}  // namespace errors

class Limits;
class RouteTable;

struct Context {
    Services& services;
    const http::Request& request;
    std::shared_ptr<branches::LiveBranch> branch;
    std::shared_ptr<const BranchAuth> auth;
    std::shared_ptr<pg::Pool> pool;
    identity::HashThreads& hash_threads;
    pg::Executor& db;
    std::string path;             ///< below base_url, as matched
    bool by_host = false;         ///< the client came through the endpoint's own host
    std::string parameter;        ///< what stands for the route's `{name}`, percent-decoded
    http::QueryParameters query;
    std::optional<json::Value> parsed_body;  ///< absent when the request had none
    std::string client_address;
    std::string request_id;
    TimePoint now;
    Limits* limits = nullptr;            ///< null where limits are off
    const RouteTable* routes = nullptr;  ///< the whole service, for the endpoint that describes it
    /// Something was put into the branch's outbox; dispatch wakes the sender when the handler is done.
    bool has_deliveries = false;
    /// Whose session the request came with, as the audit trail names them; empty without one.
    std::string actor{};
    /// The answer must not show whether there was anybody to send to: a webhook that takes the place of a mail is called after it.
    bool answers_first = false;

    const identity::Settings& settings() const { return auth->settings; }
    /// The own origin through which the client came: `iss` and `aud` of its tokens.
    std::string origin() const { return services.addresses.origin_for(request.host); }
    asio::io_context& io() const { return services.io(); }
    identity::Passwords passwords() const { return {hash_threads, branch->branch}; }

    /// The body as T, every bad field reported at once in zod's words (auth-wire-facts.md, fact 2).
    template <class T>
    Result<T> body() const {
        T target{};
        auto issues = json::decode(parsed_body ? &*parsed_body : nullptr, "body", target);
        if (!issues.empty()) return refuse_with(errors::validation, std::move(issues));
        return target;
    }

    /// As body, where Better Auth's schema is an intersection: a body that is no object fails both halves (fact 3).
    template <class T>
    Result<T> open_body() const {
        if (parsed_body && parsed_body->is_object()) return body<T>();
        const std::string received{json::type_name(parsed_body ? &*parsed_body : nullptr)};
        return refuse_with(errors::validation, "[body] Invalid input: expected object, received " + received +
                                                   "; [body] Invalid input: expected record, received " + received);
    }

    /// As body, for the query's parameters; two with one name are a list, which no parameter is.
    template <class T>
    Result<T> parameters() const {
        json::Object object;
        for (const auto& [name, value] : query) {
            if (object.contains(name)) {
                object[name] = json::Array{};
            } else {
                object[name] = value;
            }
        }
        T target{};
        const json::Value parsed(std::move(object));  // braces would make a list of it
        auto issues = json::decode(&parsed, "query", target);
        if (!issues.empty()) return refuse_with(errors::validation, std::move(issues));
        return target;
    }
};

using Endpoint = awaitable<Result<http::Response>>(Context&);
}  // namespace argon::api
