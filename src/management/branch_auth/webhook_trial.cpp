// An event to try the receiver with: made up and marked as such, signed and sent like all others, once, while the client waits.
#include "api/branch_auth.hpp"
#include "api/delivery.hpp"
#include "api/events.hpp"
#include "api/limits.hpp"
#include "crypto/random.hpp"
#include "management/branch_auth/settings_row.hpp"
#include "pg/errors.hpp"
#include "webhooks/outbox.hpp"

namespace argon::management::branch_auth {
namespace {
namespace events = webhooks::events;

api::ManagementEndpoint send;
extern const api::Description send_docs;

constexpr api::ManagementRoute table[] = {
    {http::Method::post, "/projects/{project_id}/branches/{branch_id}/auth/webhooks/test", send, &send_docs},
};

constexpr ErrorSpec no_url{422, "", "the branch has no webhook_url; set one with PUT webhooks first"};
constexpr ErrorSpec too_many{429, "", "too many test events; try again in a minute"};

// Whoever may call this chooses host and port: without a limit it would be a port scanner.
constexpr api::Limit limit{30, std::chrono::seconds{60}};

struct TestBody {
    std::string event_type{events::test};

    static void fields(auto& f, auto& body) {
        f.optional("event_type", body.event_type,
                   json::one_of{{events::test, events::user_before_create, events::user_created, events::send_otp, events::send_magic_link,
                                 events::invitation_created, events::invitation_accepted, events::phone_number_verified}});
    }
};

struct TestReply {
    std::string event_id;
    std::string event_type;
    webhooks::Outcome outcome;
    std::optional<bool> allowed;
    std::optional<std::string> error;

    static void fields(auto& f, const auto& reply) {
        const auto line = reply.outcome.log.empty() ? webhooks::Attempt{} : reply.outcome.log.front();
        f.required("event_id", reply.event_id);
        f.required("event_type", reply.event_type);
        f.required("delivered", reply.outcome.delivered);
        f.required("duration_ms", line.duration_ms);
        f.optional("response_status", line.response_status);
        f.optional("answer", line.answer);
        f.optional("allowed", reply.allowed);
        f.optional("error", reply.error);
    }
};

/// Nobody has these addresses and numbers (RFC 2606; 555-01xx), and the code opens nothing.
webhooks::Envelope make_envelope(const api::BranchAuth& auth, const branches::LiveBranch& branch, const std::string& type, TimePoint now) {
    webhooks::Envelope envelope{.event_id = crypto::random_uuid(),
                                .event_type = type,
                                .timestamp = now,
                                .context = {branch.endpoint.value, auth.settings.application_name},
                                .user = {.name = "Test User", .email = "test.user@example.com", .email_verified = false},
                                .event_data = {},
                                .test = true};
    auto& data = envelope.event_data;
    if (type == events::send_otp) {
        data.otp_code = std::string(static_cast<std::size_t>(auth.settings.advanced.emailOtp.otpLength), '0');
        data.otp_type = "sign-in";
        data.delivery_preference = "email";
        data.expires_at = now;
    } else if (type == events::send_magic_link) {
        data.link_type = "sign-in";
        data.link_url = "https://example.com/test";
        data.token = "test";
        data.expires_at = now;
    } else if (type == events::user_before_create || type == events::user_created) {
        data.auth_provider = "credential";
    } else if (type == events::phone_number_verified) {
        envelope.user.phone_number = "+15555550100";
        envelope.user.phone_number_verified = true;
        data.phone_number = "+15555550100";
    } else if (type != events::test) {
        data.invitation_id = "00000000-0000-4000-8000-000000000000";
        data.organization_id = "00000000-0000-4000-8000-000000000000";
        data.organization_name = "Test Organization";
        data.invitee_email = "invitee@example.com";
        data.role = "member";
        data.expires_at = now;
    }
    return envelope;
}

/// Settings that somebody spoilt with SQL are theirs to mend.
awaitable<Result<std::shared_ptr<const api::BranchAuth>>> load_auth(api::ManagementContext& ctx, const api::BranchDatabase& database) {
    try {
        co_return co_await api::load_branch_auth(ctx.services, database.live, *database.pool);
    } catch (const pg::Unavailable&) {
        throw;
    } catch (const std::exception& problem) {
        co_return refuse_with({422, "", ""}, problem.what());
    }
}

constexpr api::Description send_docs = api::describe<TestBody, TestReply>("testNeonAuthWebhook", "Send a test event and show what the receiver said");
/// Also while the webhook is switched off: to be tried before it counts.
awaitable<Result<http::Response>> send(api::ManagementContext& ctx) {
    const auto body = ctx.body<TestBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto database = co_await api::require_auth_database(ctx);
    if (!database) co_return std::unexpected(database.error());
    const auto settings = co_await read_settings(ctx);
    if (!settings) co_return std::unexpected(settings.error());
    const auto webhook = decode_column<identity::WebhookConfig>("webhook_config", settings->webhook_config);
    if (!webhook) co_return std::unexpected(webhook.error());
    if (webhook->webhookUrl.empty()) co_return refuse(no_url);
    const auto subject = "webhook test|" + ctx.parameter("branch_id");
    const auto wait = co_await ctx.services.limits->count_request(subject, limit);
    if (wait) co_return refuse(too_many);

    const auto loaded = co_await load_auth(ctx, *database);
    if (!loaded) co_return std::unexpected(loaded.error());
    const auto& auth = *loaded;
    const auto envelope = make_envelope(*auth, *database->live, body->event_type, ctx.now);
    const webhooks::Event event{envelope.event_id, envelope.event_type, json::encode(envelope)};
    auto& delivery = *ctx.services.delivery;
    auto identity_settings = auth->settings;
    identity_settings.webhook = *webhook;  // as stored this very moment
    const auto target = delivery.make_target(identity_settings, auth->keys);
    auto outcome = co_await webhooks::attempt(delivery.client(), target, event, 1, target.timeout);
    co_await webhooks::record_test(*database->pool, database->branch, event, outcome);

    TestReply reply{.event_id = event.id, .event_type = event.type, .outcome = std::move(outcome), .allowed = {}, .error = {}};
    if (!reply.outcome.delivered) {
        reply.error = reply.outcome.reason;
    } else if (event.type == events::user_before_create) {
        const auto verdict = api::judge(reply.outcome);
        reply.allowed = verdict.has_value();
        if (!verdict) reply.error = verdict.error().note().empty() ? std::string{verdict.error().message()} : verdict.error().note();
    }
    co_return http::Response::json(200, reply);
}
}  // namespace

std::span<const api::ManagementRoute> webhook_trial_routes() { return table; }
}  // namespace argon::management::branch_auth
