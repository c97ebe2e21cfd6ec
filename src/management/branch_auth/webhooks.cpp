// The branch's webhook: where it is, and which events it is told. PUT replaces the whole of it.
#include <algorithm>

#include <fmt/format.h>

#include "api/delivery.hpp"
#include "management/branch_auth/lists.hpp"
#include "management/branch_auth/views.hpp"
#include "management/branch_auth/webhook_url.hpp"
#include "webhooks/event.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint get, replace;
extern const api::Description get_docs, replace_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/webhooks", get, &get_docs},
    {http::Method::put, "/projects/{project_id}/branches/{branch_id}/auth/webhooks", replace, &replace_docs},
};

constexpr auto& known_events = webhooks::events::all;

struct EventsCheck {
    std::optional<std::string> operator()(const std::vector<std::string>& events) const {
        const auto known = [](const auto& event) { return std::ranges::find(known_events, event) != known_events.end(); };
        if (std::ranges::all_of(events, known)) return {};
        return fmt::format("Invalid option: expected any of {}", fmt::join(known_events, ", "));
    }
    void describe(json::Object& schema) const {
        schema["items"] = {{"type", "string"}, {"enum", json::Array(known_events.begin(), known_events.end())}};
    }
};

/// Request and answer alike.
struct Webhook {
    bool enabled = false;
    std::optional<std::string> webhook_url;
    std::vector<std::string> enabled_events;
    std::int64_t timeout_seconds = 5;

    static void fields(auto& f, auto& webhook) {
        f.required("enabled", webhook.enabled);
        f.optional("webhook_url", webhook.webhook_url);
        f.optional("enabled_events", webhook.enabled_events, EventsCheck{});
        f.optional("timeout_seconds", webhook.timeout_seconds, json::range{1, 10});
    }
};

/// As the column spells it.
struct Column {
    const Webhook& webhook;

    static void fields(auto& f, const auto& column) {
        f.required("enabled", column.webhook.enabled);
        f.optional("webhookUrl", column.webhook.webhook_url);
        f.required("enabledEvents", column.webhook.enabled_events);
        f.required("timeoutSeconds", column.webhook.timeout_seconds);
    }
};

Result<> check(const Webhook& webhook, const outbound::AddressPolicy& policy) {
    const auto refuse_url = [](std::string_view reason) {
        return refuse_with({400, "", ""}, fmt::format("invalid request: [body.webhook_url] {}", reason));
    };
    if (webhook.enabled && !webhook.webhook_url) return refuse_url("Required while the webhook is enabled");
    if (!webhook.webhook_url) return {};
    if (const auto complaint = check_webhook_url(*webhook.webhook_url, policy)) return refuse_url(*complaint);
    return {};
}

constexpr api::Description get_docs = api::describe<void, Webhook>("getNeonAuthWebhookConfig", "Show the webhook");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto row = co_await read_settings(ctx);
    if (!row) co_return std::unexpected(row.error());
    auto stored = decode_column<identity::WebhookConfig>("webhook_config", row->webhook_config);
    if (!stored) co_return std::unexpected(stored.error());
    Webhook webhook{stored->enabled, {}, std::move(stored->enabledEvents), stored->timeoutSeconds};
    if (!stored->webhookUrl.empty()) webhook.webhook_url = std::move(stored->webhookUrl);
    co_return http::Response::json(200, webhook);
}

constexpr api::Description replace_docs = api::describe<Webhook, Webhook>("updateNeonAuthWebhookConfig", "Replace the webhook");
awaitable<Result<http::Response>> replace(api::ManagementContext& ctx) {
    auto body = ctx.body<Webhook>();
    if (!body) co_return std::unexpected(body.error());
    if (auto checked = check(*body, ctx.services.delivery->addresses()); !checked) co_return std::unexpected(checked.error());
    body->enabled_events = without_repeats(body->enabled_events);
    auto change = co_await SettingsChange::begin(ctx);
    if (!change) co_return std::unexpected(change.error());
    change->row.webhook_config = to_value(Column{*body});
    co_await change->commit();
    co_return http::Response::json(200, *body);
}
}  // namespace

std::span<const api::ManagementRoute> webhook_routes() { return table; }
}  // namespace argon::management::branch_auth
