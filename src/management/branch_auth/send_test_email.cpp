// POST .../auth/send_test_email: try a mail server before it is saved. What the server said is the answer, not an error of ours.
#include <fmt/format.h>

#include "api/delivery.hpp"
#include "api/rate_limit.hpp"
#include "http/url.hpp"
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint send;
extern const api::Description send_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/send_test_email", send, &send_docs},
};

// Whoever may call this chooses host and port: without a limit it would be a port scanner.
constexpr api::Limit limit{10, std::chrono::seconds{60}};
constexpr ErrorSpec too_many{429, "", "too many test mails; try again in a minute"};

struct Request {
    std::string host;
    std::int64_t port = 587;
    std::string username;
    std::string password;
    std::string sender_email;
    std::string sender_name;
    std::string recipient_email;

    static void fields(auto& f, auto& request) {
        f.required("host", request.host, json::min_length{1}, json::max_length{253});
        f.required("port", request.port, json::range{1, 65'535});
        f.required("username", request.username, json::max_length{512});
        f.required("password", request.password, json::max_length{1024});
        f.required("sender_email", request.sender_email, json::email);
        f.required("sender_name", request.sender_name, json::max_length{256});
        f.required("recipient_email", request.recipient_email, json::email, json::max_length{256});
    }
};

struct Reply {
    bool success;
    std::optional<std::string> error_message;

    static void fields(auto& f, const auto& reply) {
        f.required("success", reply.success);
        f.optional("error_message", reply.error_message);
    }
};

api::RateLimiter& limiter() {
    static api::RateLimiter shared;
    return shared;
}

/// The mask in the place of the password stands for the stored one, but only towards the stored server: nobody gets it sent elsewhere.
Result<std::string> choose_password(const SettingsRow& row, const Request& request) {
    if (request.password != masked_password) return request.password;
    const auto stored = decode_email_provider(row);
    if (!stored) return std::unexpected(stored.error());
    const bool is_same = stored->type == "standard" && stored->host == request.host && stored->port == request.port;
    if (!is_same) return refuse_with({400, "", ""}, "invalid request: [body.password] Required for a server that is not the stored one");
    return stored->password;
}

constexpr api::Description send_docs = api::describe<Request, Reply>("sendNeonAuthTestEmail", "Try a mail server before it is saved");
awaitable<Result<http::Response>> send(api::ManagementContext& ctx) {
    const auto body = ctx.body<Request>();
    if (!body) co_return std::unexpected(body.error());
    if (!http::is_valid_host(body->host + ":1")) co_return refuse_with({400, "", ""}, "invalid request: [body.host] Invalid host");
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto password = choose_password(*row, *body);
    if (!password) co_return std::unexpected(password.error());
    if (limiter().check(row->id, limit, std::chrono::steady_clock::now())) co_return refuse(too_many);

    const identity::EmailProvider provider{.type = "standard",
                                           .host = body->host,
                                           .port = body->port,
                                           .username = body->username,
                                           .password = *password,
                                           .senderEmail = body->sender_email,
                                           .senderName = body->sender_name,
                                           .security = {}};
    const auto problem = co_await ctx.services.delivery->send_test(ctx.services, provider, row->name, body->recipient_email);
    co_return http::Response::json(200, Reply{!problem, problem});
}
}  // namespace

std::span<const api::ManagementRoute> test_email_routes() { return table; }
}  // namespace argon::management::branch_auth
