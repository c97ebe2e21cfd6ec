// A mail to try a mail server with: the stored one, or one that is not stored yet. It is sent while the client waits; the server's
// own words say why it was not taken.
#include <fmt/format.h>

#include "api/delivery.hpp"
#include "api/limits.hpp"
#include "api/mail_server.hpp"
#include "identity/branch_secrets.hpp"
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint test_stored, test_given;
extern const api::Description test_stored_docs, test_given_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/email_provider/test", test_stored, &test_stored_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/send_test_email", test_given, &test_given_docs},
};

constexpr ErrorSpec no_own_server{422, "", "the branch has no mail server of its own; set one with type \"standard\" first"};

struct StoredBody {
    std::string recipient_email;

    static void fields(auto& f, auto& body) { f.required("recipient_email", body.recipient_email, json::email); }
};

struct GivenBody {
    std::string type = "standard";
    identity::EmailProvider server;
    std::string recipient_email;

    static void fields(auto& f, auto& body) {
        f.optional("type", body.type, json::one_of{{"standard"}});
        f.required("host", body.server.host, api::mail_host);
        f.required("port", body.server.port, api::mail_port);
        f.required("username", body.server.username, api::mail_username);
        f.required("password", body.server.password, api::mail_password);
        f.required("sender_email", body.server.senderEmail, json::email);
        f.required("sender_name", body.server.senderName, api::mail_sender_name);
        f.required("recipient_email", body.recipient_email, json::email);
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

// Whoever may call this chooses host and port: without a limit it would be a port scanner.
constexpr api::Limit limit{30, std::chrono::seconds{60}};
constexpr ErrorSpec too_many{429, "", "too many test mails; try again in a minute"};

awaitable<Result<http::Response>> send(api::ManagementContext& ctx, identity::EmailProvider server, std::string application, std::string recipient) {
    const auto subject = "test mail|" + ctx.parameter("branch_id");
    const auto wait = co_await ctx.services.limits->count_request(subject, limit);
    if (wait) co_return refuse(too_many);
    auto problem = co_await ctx.services.delivery->send_test(ctx.services, server, std::move(application), std::move(recipient));
    const bool success = !problem;
    co_return http::Response::json(200, Reply{success, std::move(problem)});
}

constexpr api::Description test_stored_docs =
    api::describe<StoredBody, Reply>("sendNeonAuthEmailProviderTest", "Send a test mail through the mail server of the branch");
awaitable<Result<http::Response>> test_stored(api::ManagementContext& ctx) {
    const auto body = ctx.body<StoredBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto stored = decode_email_provider(*row);
    if (!stored) co_return std::unexpected(stored.error());
    if (stored->type != "standard") co_return refuse(no_own_server);
    co_return co_await send(ctx, *stored, row->name, body->recipient_email);
}

constexpr api::Description test_given_docs =
    api::describe<GivenBody, Reply>("sendNeonAuthTestEmail", "Send a test mail through a mail server that need not be stored");
awaitable<Result<http::Response>> test_given(api::ManagementContext& ctx) {
    auto body = ctx.body<GivenBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    auto& server = body->server;
    server.type = "standard";
    if (server.password == masked_password) {
        // The stored password goes to the stored server and to no other.
        const auto stored = decode_email_provider(*row);
        const bool same = stored && stored->type == "standard" && stored->host == server.host && stored->port == server.port;
        if (!same) co_return refuse_with({400, "", ""}, "invalid request: [body.password] Masked, but the stored one belongs to another server");
        server.password = stored->password;
    } else {
        // As in the row, where what looks sealed is taken for sealed.
        server.password = identity::seal_branch_secret(ctx.services.master_key, identity::email_password_place, server.password);
    }
    co_return co_await send(ctx, std::move(server), row->name, body->recipient_email);
}
}  // namespace

std::span<const api::ManagementRoute> email_test_routes() { return table; }
}  // namespace argon::management::branch_auth
