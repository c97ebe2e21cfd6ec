// The delivery log of the branch's webhook, newest first, and sending an event once more. Beyond hosted Neon's API. Events that
// somebody waited for are in the log, but cannot be sent again: their content, a code or a link, was never kept.
#include <algorithm>

#include "api/delivery.hpp"
#include "api/paging.hpp"
#include "identity/delivery_settings.hpp"
#include "management/branch_auth/settings_row.hpp"
#include "management/branch_auth/webhook_view.hpp"
#include "webhooks/event.hpp"

namespace argon::management::branch_auth {
namespace {
api::ManagementEndpoint list, get, redeliver;
extern const api::Description list_docs, get_docs, redeliver_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/webhooks/deliveries", list, &list_docs},
    {http::Method::get, "/projects/{project_id}/branches/{branch_id}/auth/webhooks/deliveries/{delivery_id}", get, &get_docs},
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/webhooks/deliveries/{delivery_id}/redeliver", redeliver, &redeliver_docs},
};

constexpr ErrorSpec not_found{404, "", "delivery not found"};
constexpr ErrorSpec under_way{409, "", "the event is still being delivered"};
constexpr ErrorSpec not_kept{409, "", "the event cannot be sent again: somebody waited for its answer, and its content was not kept"};
constexpr ErrorSpec switched_off{409, "", "the webhook of the branch is switched off"};
constexpr ErrorSpec foreign_cursor{400, "", "invalid request: parameter \"cursor\" is not one that this list returned"};

// Rows of a parent branch came along with the copy and are nobody's deliveries here.
#define ARGON_DELIVERY_COLUMNS                                                                                                \
    "id, event_type, state, is_test, attempts, created_at, CASE state WHEN 'pending' THEN next_attempt_at END, finished_at, " \
    "response_status, last_error, body IS NOT NULL AND state <> 'pending'"

constexpr pg::Statement select_deliveries{"management.list_deliveries", "SELECT " ARGON_DELIVERY_COLUMNS R"sql(,
           (extract(epoch FROM created_at) * 1000000)::bigint
      FROM neon_auth.argonauth_webhook_delivery
     WHERE branch_id = $1 AND ($2::text IS NULL OR event_type = $2) AND ($3::text IS NULL OR state = $3)
       AND ($4::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $4 * interval '1 microsecond', $5::uuid))
     ORDER BY created_at DESC, id DESC
     LIMIT $6)sql"};

constexpr pg::Statement select_delivery{"management.find_delivery", "SELECT " ARGON_DELIVERY_COLUMNS R"sql(, body, attempt_log
      FROM neon_auth.argonauth_webhook_delivery WHERE id = $1 AND branch_id = $2)sql"};

// The waits between attempts and the day until the event is given up begin anew; id and count of attempts go on.
constexpr pg::Statement update_due{"management.redeliver", R"sql(
    UPDATE neon_auth.argonauth_webhook_delivery
       SET state = 'pending', earlier_attempts = attempts, give_up_at = now() + interval '24 hours', next_attempt_at = now(), finished_at = NULL
     WHERE id = $1 AND branch_id = $2 AND state <> 'pending' AND body IS NOT NULL
    RETURNING )sql" ARGON_DELIVERY_COLUMNS};

struct ListedRow {
    DeliveryView view;
    std::int64_t key = 0;

    static void columns(auto& column, auto& row) {
        DeliveryView::columns(column, row.view);
        column(row.key);
    }
};

struct FullRow {
    DeliveryView view;
    std::optional<std::string> body;
    std::string log;

    static void columns(auto& column, auto& row) {
        DeliveryView::columns(column, row.view);
        column(row.body)(row.log);
    }
};

struct FullView {
    DeliveryView view;
    std::optional<json::Value> payload;
    std::vector<AttemptView> attempts;

    static void fields(auto& f, const auto& full) {
        DeliveryView::fields(f, full.view);
        f.optional("payload", full.payload);
        f.required("attempts", full.attempts);
    }
};

struct Pagination {
    std::string cursor;

    static void fields(auto& f, const auto& pagination) { f.required("cursor", pagination.cursor); }
};

struct ListReply {
    std::vector<DeliveryView> deliveries;
    std::optional<Pagination> pagination;

    static void fields(auto& f, const auto& reply) {
        f.required("deliveries", reply.deliveries);
        f.optional("pagination", reply.pagination);
    }
};

struct GetReply {
    FullView delivery;

    static void fields(auto& f, const auto& reply) { f.required("delivery", reply.delivery); }
};

struct RedeliverReply {
    DeliveryView delivery;

    static void fields(auto& f, const auto& reply) { f.required("delivery", reply.delivery); }
};

/// One of the choices, or nothing when the parameter is absent.
Result<std::optional<std::string>> parse_filter(const http::QueryParameters& parameters, std::string_view name,
                                                std::initializer_list<std::string_view> choices) {
    if (!http::find(parameters, name)) return std::nullopt;
    return api::parse_choice(parameters, name, choices);
}

/// Where a page goes on: microseconds of the last entry before it.
Result<std::optional<std::int64_t>> read_key(const std::optional<branches::Cursor>& cursor) {
    constexpr std::size_t most_digits = 16;
    if (!cursor) return std::nullopt;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto& key = cursor->key;
    if (key.empty() || key.size() > most_digits || !std::ranges::all_of(key, is_digit) || !is_uuid(cursor->id)) return refuse(foreign_cursor);
    return std::stoll(key);
}

/// The log as the sender wrote it; lines that somebody else wrote and that read as no attempt are left out.
std::vector<AttemptView> read_log(const std::string& text) {
    std::vector<AttemptView> attempts;
    const auto value = json::parse(text);
    const auto* lines = value ? value->if_array() : nullptr;
    if (!lines) return attempts;
    for (const auto& line : *lines) {
        AttemptView attempt;
        if (json::decode(&line, "attempt", attempt).empty()) attempts.push_back(std::move(attempt));
    }
    return attempts;
}

constexpr api::QueryParameter list_query[] = {api::parameters::limit,
                                              api::parameters::cursor,
                                              {"event_type", "string", "Only events of this type"},
                                              {"status", "string", "Only those that are pending, delivered or failed"}};

constexpr api::Description list_docs =
    api::describe<void, ListReply>("listNeonAuthWebhookDeliveries", "List the deliveries of the webhook, newest first", {.query = list_query});
awaitable<Result<http::Response>> list(api::ManagementContext& ctx) {
    const auto request = api::parse_page(ctx.query_parameters, {.fallback = 50, .maximum = 500});
    if (!request) co_return std::unexpected(request.error());
    const auto key = read_key(request->after);
    if (!key) co_return std::unexpected(key.error());
    const auto type = parse_filter(ctx.query_parameters, "event_type",
                                   {"user.before_create", "user.created", "send.otp", "send.magic_link", "organization.invitation.created",
                                    "organization.invitation.accepted", "phone_number.verified", webhooks::events::test});
    if (!type) co_return std::unexpected(type.error());
    const auto status = parse_filter(ctx.query_parameters, "status", {"pending", "delivered", "failed"});
    if (!status) co_return std::unexpected(status.error());
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto rows = co_await database->pool->query(select_deliveries, database->branch, *type, *status, *key, request->after_id(), request->rows());
    auto found = rows.all<ListedRow>();
    ListReply reply;
    if (found.size() > static_cast<std::size_t>(request->limit)) {
        found.pop_back();
        reply.pagination = Pagination{api::encode_cursor({std::to_string(found.back().key), found.back().view.id})};
    }
    for (auto& row : found) reply.deliveries.push_back(std::move(row.view));
    co_return http::Response::json(200, reply);
}

constexpr api::Description get_docs = api::describe<void, GetReply>("getNeonAuthWebhookDelivery", "Show a delivery of the webhook with its attempts");
awaitable<Result<http::Response>> get(api::ManagementContext& ctx) {
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto& id = ctx.parameter("delivery_id");
    if (!is_uuid(id)) co_return refuse(not_found);
    const auto rows = co_await database->pool->query(select_delivery, id, database->branch);
    auto row = rows.maybe<FullRow>();
    if (!row) co_return refuse(not_found);
    FullView view{.view = std::move(row->view), .payload = {}, .attempts = read_log(row->log)};
    if (row->body) view.payload = json::parse(*row->body);
    co_return http::Response::json(200, GetReply{std::move(view)});
}

constexpr api::Description redeliver_docs =
    api::describe<void, RedeliverReply>("redeliverNeonAuthWebhook", "Send an event once more, under its id, as the next attempt", {.status = 202});
awaitable<Result<http::Response>> redeliver(api::ManagementContext& ctx) {
    const auto settings = co_await read_settings(ctx);
    if (!settings) co_return std::unexpected(settings.error());
    const auto webhook = decode_column<identity::WebhookConfig>("webhook_config", settings->webhook_config);
    if (!webhook) co_return std::unexpected(webhook.error());
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto& id = ctx.parameter("delivery_id");
    if (!is_uuid(id)) co_return refuse(not_found);
    const auto found = co_await database->pool->query(select_delivery, id, database->branch);
    if (found.empty()) co_return refuse(not_found);
    if (!webhook->enabled || webhook->webhookUrl.empty()) co_return refuse(switched_off);
    const auto row = found.one<FullRow>();
    if (!row.body) co_return refuse(not_kept);
    // Of two requests at once, one moves the row and the other finds it moved.
    const auto updated = co_await database->pool->query(update_due, id, database->branch);
    auto view = updated.maybe<DeliveryView>();
    if (!view) co_return refuse(under_way);
    ctx.services.delivery->wake(ctx.services, database->live);
    co_return http::Response::json(202, RedeliverReply{std::move(*view)});
}
}  // namespace

std::span<const api::ManagementRoute> webhook_delivery_routes() { return table; }
}  // namespace argon::management::branch_auth
