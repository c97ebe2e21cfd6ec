// The mail server of a legacy project: the operator's (`shared`), or one of its own (`standard`), whose password is sealed and masked in
// every answer.
#include <fmt/format.h>

#include "api/mail_server.hpp"
#include "branches/integration_changes.hpp"
#include "management/legacy_auth/integrations.hpp"

namespace argon::management::legacy_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/auth/email_server", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/auth/email_server", update, &update_docs},
};

using branches::LegacyEmailServer;

/// Stands for the password; sent back, it means the stored one.
constexpr std::string_view masked_password = "********";

/// What is absent stays as it is. `custom` is what older documentation calls `standard`.
struct Change {
    std::optional<std::string> type;
    std::optional<std::string> host;
    std::optional<std::int64_t> port;
    std::optional<std::string> username;
    std::optional<std::string> password;
    std::optional<std::string> sender_email;
    std::optional<std::string> sender_name;

    static void fields(auto& f, auto& change) {
        f.optional("type", change.type, json::one_of{{"standard", "shared", "custom"}});
        f.optional("host", change.host, api::mail_host);
        f.optional("port", change.port, api::mail_port);
        f.optional("username", change.username, api::mail_username);
        f.optional("password", change.password, api::mail_password);
        f.optional("sender_email", change.sender_email, json::email);
        f.optional("sender_name", change.sender_name, api::mail_sender_name);
    }
};

/// Of the operator's server there is nothing to see.
struct View {
    LegacyEmailServer server;

    static void fields(auto& f, const auto& view) {
        const auto& server = view.server;
        f.required("type", server.type, json::one_of{{"standard", "shared"}});
        if (server.type == "shared") return;
        f.optional("host", server.host);
        f.optional("port", server.port);
        f.optional("username", server.username);
        f.optional("password", std::optional<std::string>{masked_password});
        f.optional("sender_email", server.sender_email);
        f.optional("sender_name", server.sender_name);
    }
};

std::unexpected<Error> refuse_field(std::string_view name, std::string_view reason) {
    return refuse_with({400, "", ""}, fmt::format("invalid request: [body.{}] {}", name, reason));
}

bool means_shared(const Change& change, const LegacyEmailServer& current) {
    if (change.type) return *change.type == "shared";
    return current.type == "shared" && !change.host;
}

Result<LegacyEmailServer> make_shared_server(const Change& change) {
    constexpr std::string_view reason = "Only for type \"standard\"";
    if (change.host) return refuse_field("host", reason);
    if (change.port) return refuse_field("port", reason);
    if (change.username) return refuse_field("username", reason);
    if (change.password) return refuse_field("password", reason);
    return LegacyEmailServer{};
}

Result<LegacyEmailServer> make_standard_server(const crypto::MasterKey& master, const branches::Integration& integration, const Change& change) {
    auto server = integration.email_server.type == "shared" ? LegacyEmailServer{} : integration.email_server;
    server.type = "standard";
    if (change.host) server.host = change.host;
    if (change.port) server.port = change.port;
    if (change.username) server.username = change.username;
    if (change.sender_email) server.sender_email = change.sender_email;
    if (change.sender_name) server.sender_name = change.sender_name;
    if (change.password && *change.password != masked_password) {
        server.sealed_password = branches::seal_legacy_secret(master, integration.project_uuid, branches::email_password, *change.password);
    }
    constexpr std::string_view reason = "Required for type \"standard\"";
    if (!server.host) return refuse_field("host", reason);
    if (!server.port) return refuse_field("port", reason);
    if (!server.username) return refuse_field("username", reason);
    if (!server.sealed_password) return refuse_field("password", reason);
    if (!server.sender_email) return refuse_field("sender_email", reason);
    if (!server.sender_name) return refuse_field("sender_name", reason);
    return server;
}

constexpr api::Description get_docs = api::describe<void, View>("getNeonAuthEmailServer", "Show a project's mail server");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/email_provider");
    co_return http::Response::json(200, View{target->legacy->email_server});
}

constexpr api::Description update_docs = api::describe<Change, View>("updateNeonAuthEmailServer", "Change a project's mail server");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Change>();
    if (!body) co_return std::unexpected(body.error());
    const auto target = co_await require_target(ctx, "");
    if (!target) co_return std::unexpected(target.error());
    if (target->better_auth) co_return co_await forward_to_branch(ctx, *target->better_auth, "/email_provider");
    const auto& integration = *target->legacy;
    const bool shared = means_shared(*body, integration.email_server);
    const auto server = shared ? make_shared_server(*body) : make_standard_server(ctx.services.master_key, integration, *body);
    if (!server) co_return std::unexpected(server.error());
    co_await branches::set_legacy_email_server(ctx.control, integration.project_uuid, *server);
    co_return http::Response::json(200, View{*server});
}
}  // namespace

std::span<const api::ManagementRoute> email_server_routes() { return table; }
}  // namespace argon::management::legacy_auth
