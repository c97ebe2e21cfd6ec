// POST /contact-channels; PATCH and DELETE of one: addresses of a user come, change and go.
#include "stack/contact_channels/contact_channels.hpp"

namespace argon::stack::contact_channels {
namespace {
struct CreateBody {
    std::string user_id;
    std::string type;
    std::string value;
    bool used_for_auth = false;
    std::optional<bool> is_primary, is_verified;

    static void fields(auto& f, auto& body) {
        f.required("user_id", body.user_id, json::max_length{64});
        f.required("type", body.type, json::one_of{{"email"}});
        f.required("value", body.value, json::email);
        f.required("used_for_auth", body.used_for_auth);
        f.optional("is_primary", body.is_primary);
        f.optional("is_verified", body.is_verified);
    }
};

struct UpdateBody {
    std::optional<std::string> type, value;
    std::optional<bool> used_for_auth, is_primary, is_verified;

    static void fields(auto& f, auto& body) {
        f.optional("type", body.type, json::one_of{{"email"}});
        f.optional("value", body.value, json::email);
        f.optional("used_for_auth", body.used_for_auth);
        f.optional("is_primary", body.is_primary);
        f.optional("is_verified", body.is_verified);
    }
};

constexpr ErrorSpec exists_already{400, "", "Contact channel already exists."};

/// Only a server says that an address is proven.
Result<> check_verified(const api::LegacyContext& ctx, const std::optional<bool>& is_verified) {
    if (!ctx.is_client() || !is_verified) return {};
    return std::unexpected(api::known::schema_error("[body.is_verified] Unrecognized field"));
}

Error to_channel_error(legacy::Conflict conflict, const std::string& value) {
    const bool is_taken = conflict == legacy::Conflict::email_taken || conflict == legacy::Conflict::email_taken_unverified;
    return is_taken ? api::known::contact_channel_used_by_other(value, false) : Error{api::known::user_not_found};
}
}  // namespace

awaitable<Result<http::Response>> create(api::LegacyContext& ctx) {
    const auto body = ctx.body<CreateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto allowed = check_verified(ctx, body->is_verified);
    if (!allowed) co_return std::unexpected(allowed.error());
    const auto user = co_await api::resolve_user(ctx, body->user_id);
    if (!user) co_return std::unexpected(user.error());

    auto tx = co_await ctx.db().begin();
    const bool exists = co_await legacy::lock_user(tx, *user);
    if (!exists) co_return std::unexpected(api::known::user_id_does_not_exist(user->value));
    const auto value = api::fold_address(body->value);
    const auto known = co_await legacy::find_channel_by_value(tx, *user, value);
    if (known) co_return refuse(exists_already);
    const legacy::ContactChannel added{.id = {},
                                       .user_id = *user,
                                       .value = value,
                                       .is_primary = body->is_primary.value_or(false),
                                       .is_verified = body->is_verified.value_or(false),
                                       .used_for_auth = body->used_for_auth};
    const auto channel = co_await legacy::insert_channel(tx, added, ctx.now);
    if (!channel) co_return std::unexpected(to_channel_error(channel.error(), value));
    co_await legacy::mirror_user(tx, *user, ctx.now);
    co_await tx.commit();
    co_return http::Response::json(201, *channel);
}

awaitable<Result<http::Response>> update(api::LegacyContext& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto allowed = check_verified(ctx, body->is_verified);
    if (!allowed) co_return std::unexpected(allowed.error());
    const auto found = co_await require_channel(ctx);
    if (!found) co_return std::unexpected(found.error());

    auto tx = co_await ctx.db().begin();
    co_await legacy::lock_user(tx, found->user_id);
    const auto current = co_await legacy::find_channel(tx, found->user_id, found->id);
    if (!current) co_return refuse(not_found);
    legacy::ChannelChange change{.value = {}, .is_primary = body->is_primary, .is_verified = body->is_verified, .used_for_auth = body->used_for_auth};
    if (body->value) change.value = api::fold_address(*body->value);
    if (change.value && *change.value != current->value) {
        const auto known = co_await legacy::find_channel_by_value(tx, found->user_id, *change.value);
        if (known) co_return refuse(exists_already);
    }
    const auto channel = co_await legacy::update_channel(tx, *current, change);
    if (!channel) co_return std::unexpected(to_channel_error(channel.error(), change.value.value_or(current->value)));
    co_await legacy::mirror_user(tx, found->user_id, ctx.now);
    co_await tx.commit();
    co_return http::Response::json(200, *channel);
}

awaitable<Result<http::Response>> remove(api::LegacyContext& ctx) {
    const auto channel = co_await require_channel(ctx);
    if (!channel) co_return std::unexpected(channel.error());
    auto tx = co_await ctx.db().begin();
    const bool exists = co_await legacy::lock_user(tx, channel->user_id);
    if (!exists) co_return refuse(not_found);
    co_await legacy::delete_channel(tx, channel->user_id, channel->id);
    co_await legacy::mirror_user(tx, channel->user_id, ctx.now);
    co_await tx.commit();
    co_return api::say_success();
}
}  // namespace argon::stack::contact_channels
