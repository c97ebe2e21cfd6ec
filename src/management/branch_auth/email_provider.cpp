// The mail server of the branch: the operator's (`shared`), or one of its own (`standard`), whose password is sealed in the row and
// masked in every answer.
#include <fmt/format.h>

#include "api/mail_server.hpp"
#include "identity/branch_secrets.hpp"
#include "management/branch_auth/views.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get, update;
extern const api::Description get_docs, update_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/email_provider", get, &get_docs},
    {http::Method::patch, "/projects/{project_id}/branches/{branch_id}/auth/email_provider", update, &update_docs},
};

/// What is absent stays as it is.
struct Change {
    std::optional<std::string> type;
    std::optional<std::string> host;
    std::optional<std::int64_t> port;
    std::optional<std::string> username;
    std::optional<std::string> password;
    std::optional<std::string> sender_email;
    std::optional<std::string> sender_name;

    static void fields(auto& f, auto& change) {
        f.optional("type", change.type, json::one_of{{"standard", "shared"}});
        f.optional("host", change.host, api::mail_host);
        f.optional("port", change.port, api::mail_port);
        f.optional("username", change.username, api::mail_username);
        f.optional("password", change.password, api::mail_password);
        f.optional("sender_email", change.sender_email, json::email);
        f.optional("sender_name", change.sender_name, api::mail_sender_name);
    }
};

/// The change in the column's spelling; the password is sealed already.
struct ColumnChange {
    const Change& change;

    static void fields(auto& f, const auto& column) {
        f.required("type", "standard");
        f.optional("host", column.change.host);
        f.optional("port", column.change.port);
        f.optional("username", column.change.username);
        f.optional("password", column.change.password);
        f.optional("senderEmail", column.change.sender_email);
        f.optional("senderName", column.change.sender_name);
    }
};

std::unexpected<Error> refuse_field(std::string_view name, std::string_view reason) {
    return refuse_with({400, "", ""}, fmt::format("invalid request: [body.{}] {}", name, reason));
}

/// Clients send sender_email and sender_name along with `shared`, where the operator's hold: they are passed over, as hosted Neon does.
Result<json::Value> make_shared_provider(const Change& change) {
    constexpr std::string_view reason = "Only for type \"standard\"";
    if (change.host) return refuse_field("host", reason);
    if (change.port) return refuse_field("port", reason);
    if (change.username) return refuse_field("username", reason);
    if (change.password) return refuse_field("password", reason);
    return json::Value(json::Object{{"type", "shared"}});
}

Result<json::Value> make_standard_provider(const crypto::MasterKey& master_key, const identity::EmailProvider& current, json::Value stored,
                                           Change change) {
    if (current.type != "standard") stored = json::Object{};
    if (change.password == masked_password) change.password.reset();
    if (change.password) change.password = identity::seal_branch_secret(master_key, identity::email_password_place, *change.password);
    merge(stored, to_value(ColumnChange{change}));
    constexpr std::pair<const char*, const char*> needed[] = {{"host", "host"},
                                                              {"port", "port"},
                                                              {"username", "username"},
                                                              {"password", "password"},
                                                              {"senderEmail", "sender_email"},
                                                              {"senderName", "sender_name"}};
    for (const auto& [member, name] : needed) {
        if (!json::find(stored, member)) return refuse_field(name, "Required for type \"standard\"");
    }
    return stored;
}

constexpr api::Description get_docs = api::describe<void, EmailProviderView>("getNeonAuthEmailProvider", "Show the mail server");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    const auto stored = decode_email_provider(*row);
    if (!stored) co_return std::unexpected(stored.error());
    co_return http::Response::json(200, make_view(*stored));
}

constexpr api::Description update_docs = api::describe<Change, EmailProviderView>("updateNeonAuthEmailProvider", "Change the mail server");
awaitable<Result<http::Response>> update(api::ManagementContext& ctx) {
    const auto body = ctx.body<Change>();
    if (!body) co_return std::unexpected(body.error());
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    auto& column = change->row.email_provider;
    const auto current = decode_email_provider(change->row);
    if (!current) co_return std::unexpected(current.error());
    const bool shared = body->type.value_or(current->type) == "shared";
    auto changed = shared ? make_shared_provider(*body) : make_standard_provider(ctx.services.master_key, *current, column, *body);
    if (!changed) co_return std::unexpected(changed.error());
    column = std::move(*changed);
    const auto stored = decode_email_provider(change->row);
    if (!stored) co_return std::unexpected(stored.error());
    co_await change->commit();
    co_return http::Response::json(200, make_view(*stored));
}
}  // namespace

EmailProviderView make_view(const identity::EmailProvider& stored) {
    EmailProviderView view{.type = stored.type};
    if (stored.type == "shared") return view;
    view.host = stored.host;
    view.port = stored.port;
    view.username = stored.username;
    view.password = masked_password;
    view.sender_email = stored.senderEmail;
    view.sender_name = stored.senderName;
    return view;
}

std::span<const api::ManagementRoute> email_provider_routes() { return table; }
}  // namespace argon::management::branch_auth
