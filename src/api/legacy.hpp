// The legacy provider's pipeline (/api/v1): both header families, keys and tokens in the order that the SDKs rely on, strict bodies,
// known errors, and 4xx delivered as 200 to who asks for it (stack-auth.md, 1).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/client_address.hpp"
#include "api/known_errors.hpp"
#include "api/rate_limit.hpp"
#include "api/services.hpp"
#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "branches/integration_records.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "identity/passwords.hpp"
#include "json/decoder.hpp"
#include "legacy/access_tokens.hpp"
#include "legacy/project_keys.hpp"
#include "legacy/users.hpp"

namespace argon::api {

/// What a caller proves with its key; each may do what those before it may. `open` wants no project headers at all.
enum class LegacyAccess { open, client, server, admin };
std::string_view to_text(LegacyAccess access);

class Limits;
struct LegacyContext;
using LegacyEndpoint = awaitable<Result<http::Response>>(LegacyContext&);

/// An endpoint whose request can be looked at without running it (legacy_request.hpp).
struct DecodedEndpoint {
    Result<> (&check)(const LegacyContext&);  ///< what the endpoint would say of the form of its request
    LegacyEndpoint& run;
};

/// What a route leads to: either kind.
class LegacyHandler {
public:
    constexpr LegacyHandler(LegacyEndpoint& endpoint) : endpoint_(&endpoint) {}
    constexpr LegacyHandler(const DecodedEndpoint& decoded) : decoded_(&decoded) {}

    awaitable<Result<http::Response>> run(LegacyContext& ctx) const { return decoded_ ? decoded_->run(ctx) : endpoint_(ctx); }
    bool decodes() const { return decoded_; }
    Result<> check(const LegacyContext& ctx) const { return decoded_ ? decoded_->check(ctx) : Result<>{}; }

private:
    LegacyEndpoint* endpoint_ = nullptr;
    const DecodedEndpoint* decoded_ = nullptr;
};

struct LegacyOptions {
    bool accepts_form = false;
    /// For each client address; none unless given, because an app's own server speaks for all of its users.
    Limit limit{};
};

struct LegacyRoute {
    http::Method method;
    std::string_view path;  ///< below /api/v1, with {names}
    LegacyHandler handler;
    LegacyAccess access = LegacyAccess::client;  ///< more than client is for decoded endpoints alone
    LegacyOptions options{};
};

using PathParameters = std::map<std::string, std::string, std::less<>>;

struct LegacyContext {
    Services& services;
    const http::Request& request;
    identity::HashThreads& hash_threads;
    TimePoint now;
    std::string request_id;
    std::string client_address;
    LegacyOptions options;
    LegacyAccess access = LegacyAccess::open;
    Limits* limits = nullptr;  ///< null where limits are off
    PathParameters path_parameters;
    http::QueryParameters query;

    // The project; absent on open routes until enter_project.
    std::optional<branches::Integration> project;
    std::shared_ptr<const legacy::ProjectKeys> keys;
    std::shared_ptr<branches::LiveBranch> branch;
    std::shared_ptr<pg::Pool> pool;
    /// As sent, with a right signature and of this project; whether its user and session are still there, require_user says.
    std::optional<legacy::AccessToken> token;
    /// Something was put into the outbox; the pipeline wakes the sender when the handler is done.
    bool has_deliveries = false;

    asio::io_context& io() const { return services.io(); }
    identity::Passwords passwords() const { return {hash_threads, branch->branch}; }
    pg::Pool& db() const { return *pool; }
    const std::string& project_id() const { return project->project_uuid; }
    bool is_client() const { return access == LegacyAccess::client; }
    const std::string& parameter(std::string_view name) const { return path_parameters.find(name)->second; }
    /// A header by its name without `x-stack-` or `x-hexclave-`.
    std::optional<std::string_view> header(std::string_view name) const;

    /// The body as T: every bad or unknown member in one SCHEMA_ERROR.
    template <class T>
    Result<T> body() const {
        auto value = parsed_body();
        if (!value) return std::unexpected(value.error());
        T target{};
        auto issues = json::decode_strict(&*value, "body", target);
        if (!issues.empty()) return std::unexpected(known::schema_error(std::move(issues)));
        return target;
    }
    /// As body, for the query's parameters, all of which are texts.
    template <class T>
    Result<T> parameters() const {
        auto value = parsed_query();
        if (!value) return std::unexpected(value.error());
        T target{};
        auto issues = json::decode_strict(&*value, "query", target);
        if (!issues.empty()) return std::unexpected(known::schema_error(std::move(issues)));
        return target;
    }

    Result<json::Value> parsed_body() const;
    Result<json::Value> parsed_query() const;
};

/// Counts a try at the account of an address, or a mail to it: refused with 429 when it must wait. They count for addresses that nobody has
/// as well, so they tell nobody who has an account.
awaitable<Result<>> brake_account(LegacyContext& ctx, std::string_view email);
awaitable<> forgive_account(LegacyContext& ctx, std::string_view email);
awaitable<Result<>> brake_mail(LegacyContext& ctx, std::string_view email);
/// Counts what one user does of a kind.
awaitable<Result<>> brake_user(LegacyContext& ctx, const UserId& user, std::string_view kind, Limit limit);

/// For routes that name their project otherwise than by header. Refused with CURRENT_PROJECT_NOT_FOUND.
awaitable<Result<>> enter_project(LegacyContext& ctx, std::string project_uuid);

class LegacyApi {
public:
    /// Throws std::logic_error when a method and path is registered twice, or one for servers does not say what it takes.
    LegacyApi(Services& services, identity::HashThreads& hash_threads, std::vector<std::span<const LegacyRoute>> tables, TrustedProxies proxies,
              bool rate_limit);

    static bool owns(std::string_view path);
    awaitable<http::Response> handle(http::Request& request);

private:
    struct Match {
        const LegacyRoute* route = nullptr;
        PathParameters parameters;
    };
    Match find(http::Method method, std::string_view path) const;
    awaitable<Result<http::Response>> serve(const http::Request& request, const std::string& request_id);
    awaitable<http::Response> answer(const http::Request& request, const std::string& request_id);

    Services& services_;
    identity::HashThreads& hash_threads_;
    std::vector<LegacyRoute> routes_;
    TrustedProxies proxies_;
    bool rate_limit_;
};
}  // namespace argon::api
