// Proof that an address is its user's: a mail with a code, and the code's return.
#include "api/legacy_sign_in.hpp"
#include "stack/contact_channels/contact_channels.hpp"

namespace argon::stack::contact_channels {
namespace {
using api::code_purposes::verify_email;

struct CallbackBody {
    std::string callback_url;

    static void fields(auto& f, auto& body) { f.required("callback_url", body.callback_url, json::max_length{2048}); }
};

struct AddressBody {
    std::string email;
    std::string callback_url;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("callback_url", body.callback_url, json::max_length{2048});
    }
};

awaitable<Result<http::Response>> send(api::LegacyContext& ctx, const legacy::ContactChannel& channel, const std::string& callback) {
    const auto trusted = api::check_callback(ctx, callback);
    if (!trusted) co_return std::unexpected(trusted.error());
    if (channel.is_verified) co_return refuse(api::known::email_already_verified);
    const auto braked = co_await api::brake_mail(ctx, channel.value);
    if (!braked) co_return std::unexpected(braked.error());
    auto tx = co_await ctx.db().begin();
    co_await api::send_verification(ctx, tx, channel.user_id, channel.value, callback);
    co_await tx.commit();
    co_return api::say_success();
}
}  // namespace

awaitable<Result<http::Response>> send_code(api::LegacyContext& ctx) {
    const auto body = ctx.body<CallbackBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto channel = co_await require_channel(ctx);
    if (!channel) co_return std::unexpected(channel.error());
    co_return co_await send(ctx, *channel, body->callback_url);
}

awaitable<Result<http::Response>> send_code_by_address(api::LegacyContext& ctx) {
    const auto body = ctx.body<AddressBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    const auto primary = co_await legacy::find_primary_channel(ctx.db(), user->id);
    if (!primary || primary->value != api::fold_address(body->email)) {
        co_return std::unexpected(api::known::email_is_not_primary(body->email, user->text("primary_email")));
    }
    co_return co_await send(ctx, *primary, body->callback_url);
}

awaitable<Result<http::Response>> verify(api::LegacyContext& ctx) {
    const auto body = ctx.body<api::CodeBody>();
    if (!body) co_return std::unexpected(body.error());
    auto tx = co_await ctx.db().begin();
    const auto tried = co_await legacy::try_code(tx, *ctx.keys, verify_email, body->code, true, ctx.now);
    const auto good = api::check_verdict(tried.verdict);
    if (!good) {
        co_await tx.commit();  // the try counts
        co_return std::unexpected(good.error());
    }
    const auto* email = tried.data.if_contains("email");
    if (!tried.user_id || !email || !email->is_string()) co_return refuse(api::known::code_not_found);
    co_await legacy::lock_user(tx, *tried.user_id);
    // The address may have been changed or removed since: then there is nothing to prove.
    const auto channel = co_await legacy::find_channel_by_value(tx, *tried.user_id, std::string{email->get_string()});
    if (!channel) co_return refuse(api::known::code_not_found);
    const legacy::ChannelChange proven{.value = {}, .is_primary = {}, .is_verified = true, .used_for_auth = {}};
    const auto updated = co_await legacy::update_channel(tx, *channel, proven);
    if (!updated) co_return refuse(api::known::code_not_found);
    co_await legacy::mirror_user(tx, *tried.user_id, ctx.now);
    co_await tx.commit();
    co_return api::say_success();
}

awaitable<Result<http::Response>> check_code(api::LegacyContext& ctx) { return api::answer_check_code(ctx, verify_email); }
}  // namespace argon::stack::contact_channels
