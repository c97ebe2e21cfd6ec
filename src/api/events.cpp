#include "api/events.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "api/delivery.hpp"
#include "base/log.hpp"
#include "crypto/random.hpp"
#include "json/decoder.hpp"
#include "webhooks/outbox.hpp"

namespace argon::api {
namespace {
namespace events = webhooks::events;

constexpr std::size_t longest_agent = 512;

std::string user_agent(const Context& ctx) {
    std::string agent{ctx.request.fields.get("User-Agent").substr(0, longest_agent)};
    std::erase_if(agent, [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f; });
    return agent;
}

/// Never a password, hash or session: what is listed here is all that leaves.
webhooks::User to_webhook(const identity::User& user) {
    return {.id = user.id.value,
            .name = user.name,
            .email = user.email,
            .image = user.image,
            .email_verified = user.email_verified,
            .phone_number = user.phone.number,
            .phone_number_verified = user.phone.verified,
            .created_at = user.created_at};
}

webhooks::Event to_event(const webhooks::Envelope& envelope) { return {envelope.event_id, envelope.event_type, json::encode(envelope)}; }

awaitable<> announce(Context& ctx, pg::Executor& db, const webhooks::Envelope& envelope) {
    ctx.has_deliveries = true;
    co_await webhooks::enqueue(db, ctx.branch->branch, to_event(envelope));
}

struct Approval {
    bool allowed = false;
    std::optional<std::string> error_message;
    std::optional<std::string> error_code;

    static void fields(auto& f, auto& approval) {
        f.required("allowed", approval.allowed);
        f.optional("error_message", approval.error_message, json::max_length{500});
        f.optional("error_code", approval.error_code, json::max_length{100});
    }
};
}  // namespace

Result<> judge(const webhooks::Outcome& outcome) {
    if (!outcome.delivered) return refuse(errors::webhook_failed, outcome.reason);
    const auto value = json::parse(outcome.answer);
    Approval approval;
    const auto issues = value ? json::decode(&*value, "answer", approval) : "no JSON";
    if (!issues.empty()) return refuse(errors::webhook_failed, "user.before_create was answered with " + issues);
    if (approval.allowed) return {};
    const auto& rejected = errors::user_creation_rejected;
    return std::unexpected(Error::with_code(rejected.status, approval.error_code.value_or(std::string{rejected.code}),
                                            approval.error_message.value_or(std::string{rejected.message})));
}

webhooks::Envelope make_envelope(const Context& ctx, std::string_view type, const std::optional<identity::User>& user) {
    webhooks::Envelope envelope{.event_id = crypto::random_uuid(),
                                .event_type = std::string{type},
                                .timestamp = ctx.now,
                                .context = {ctx.branch->endpoint.value, ctx.settings().application_name},
                                .user = user ? to_webhook(*user) : webhooks::User{},
                                .event_data = {}};
    envelope.event_data.ip_address = ctx.client_address;
    envelope.event_data.user_agent = user_agent(ctx);
    return envelope;
}

namespace {
/// What a call needs when its request is over: it owns its arguments.
struct Call {
    Services& services;
    std::shared_ptr<branches::LiveBranch> branch;
    std::shared_ptr<const BranchAuth> auth;
    std::shared_ptr<pg::Pool> pool;
    webhooks::Event event;
    std::string request_id;
};

Call make_call(const Context& ctx, const webhooks::Envelope& envelope) {
    if (!ctx.services.delivery) throw std::logic_error("webhooks were called before the delivery was set up");
    return {ctx.services, ctx.branch, ctx.auth, ctx.pool, to_event(envelope), ctx.request_id};
}

awaitable<webhooks::Outcome> run(Call call) {
    const auto& delivery = *call.services.delivery;
    const auto target = delivery.make_target(call.auth->settings, call.auth->keys);
    auto outcome = co_await webhooks::call(delivery.client(), target, call.event);
    if (!outcome.delivered) {
        log::warn("a webhook was not delivered", {{"branch", call.branch->branch.value},
                                                  {"event", call.event.type},
                                                  {"id", call.event.id},
                                                  {"reason", outcome.reason},
                                                  {"request", call.request_id}});
    }
    co_await webhooks::record(*call.pool, call.branch->branch, call.event, outcome);
    co_return outcome;
}

awaitable<> run_alone(Call call) {
    const auto id = call.event.id;
    try {
        co_await run(std::move(call));
    } catch (const std::exception& fault) {
        log::warn("a webhook could not be called or logged", {{"id", id}, {"reason", fault.what()}});
    }
}
}  // namespace

awaitable<webhooks::Outcome> call_webhook(Context& ctx, const webhooks::Envelope& envelope) {
    auto outcome = co_await run(make_call(ctx, envelope));
    co_return outcome;
}

void call_webhook_later(Context& ctx, const webhooks::Envelope& envelope) {
    asio::co_spawn(ctx.io(), run_alone(make_call(ctx, envelope)), asio::detached);
}

awaitable<Result<>> approve_new_user(Context& ctx, const identity::NewUser& user, std::string_view provider) {
    if (!ctx.settings().webhook.wants(events::user_before_create)) co_return Result<>{};
    auto envelope = make_envelope(ctx, events::user_before_create, {});
    envelope.user.name = user.name;
    envelope.user.email = user.email;
    envelope.user.email_verified = user.email_verified;
    envelope.user.image = user.image;
    envelope.event_data.auth_provider = provider;
    const auto outcome = co_await call_webhook(ctx, envelope);
    co_return judge(outcome);
}

awaitable<> announce_user_created(Context& ctx, pg::Executor& db, const identity::User& user, std::string_view provider) {
    if (!ctx.settings().webhook.wants(events::user_created)) co_return;
    auto envelope = make_envelope(ctx, events::user_created, user);
    envelope.event_data.auth_provider = provider;
    co_await announce(ctx, db, envelope);
}

awaitable<> announce_phone_verified(Context& ctx, pg::Executor& db, const identity::User& user) {
    if (!ctx.settings().webhook.wants(events::phone_number_verified)) co_return;
    auto envelope = make_envelope(ctx, events::phone_number_verified, user);
    envelope.event_data.phone_number = user.phone.number;
    co_await announce(ctx, db, envelope);
}

awaitable<> announce_invitation(Context& ctx, pg::Executor& db, std::string_view type, const InvitationMessage& message, const identity::User& user) {
    if (!ctx.settings().webhook.wants(type)) co_return;
    auto envelope = make_envelope(ctx, type, {});
    envelope.user = {.id = user.id.value, .name = user.name, .email = user.email};  // the reduced form
    auto& data = envelope.event_data;
    data.invitation_id = message.id;
    data.organization_id = message.organization.value;
    data.organization_name = message.organization_name;
    data.invitee_email = message.to;
    data.role = message.role;
    data.expires_at = ctx.now + message.life;
    co_await announce(ctx, db, envelope);
}

awaitable<> announce_invitation_accepted(Context& ctx, pg::Executor& db, const InvitationMessage& message, const identity::User& user) {
    co_await announce_invitation(ctx, db, events::invitation_accepted, message, user);
}
}  // namespace argon::api
