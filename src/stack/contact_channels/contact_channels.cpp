#include "stack/contact_channels/contact_channels.hpp"

#include "api/legacy_sign_in.hpp"

namespace argon::stack::contact_channels {
namespace {
using http::Method;

constexpr api::LegacyRoute table[] = {
    {Method::get, "/contact-channels", list},
    {Method::post, "/contact-channels", create},
    {Method::post, "/contact-channels/send-verification-code", send_code_by_address},
    {Method::post, "/contact-channels/verify", verify},
    {Method::post, "/contact-channels/verify/check-code", check_code},
    {Method::get, "/contact-channels/{user_id}/{contact_channel_id}", get},
    {Method::patch, "/contact-channels/{user_id}/{contact_channel_id}", update},
    {Method::delete_, "/contact-channels/{user_id}/{contact_channel_id}", remove},
    {Method::post, "/contact-channels/{user_id}/{contact_channel_id}/send-verification-code", send_code},
};

struct Query {
    std::optional<std::string> user_id, contact_channel_id;

    static void fields(auto& f, auto& query) {
        f.optional("user_id", query.user_id, json::max_length{64});
        f.optional("contact_channel_id", query.contact_channel_id, api::uuid);
    }
};

struct ListReply {
    std::vector<legacy::ContactChannel> items;

    static void fields(auto& f, auto& reply) {
        f.required("items", reply.items);
        f.required("is_paginated", false);
    }
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }

awaitable<Result<legacy::ContactChannel>> require_channel(api::LegacyContext& ctx) {
    const auto id = api::uuid_parameter(ctx, "contact_channel_id");
    if (!id) co_return std::unexpected(id.error());
    const auto user = co_await api::resolve_user(ctx, ctx.parameter("user_id"));
    if (!user) co_return std::unexpected(user.error());
    auto channel = co_await legacy::find_channel(ctx.db(), *user, *id);
    if (!channel) co_return refuse(not_found);
    co_return std::move(*channel);
}

awaitable<Result<http::Response>> list(api::LegacyContext& ctx) {
    const auto query = ctx.parameters<Query>();
    if (!query) co_return std::unexpected(query.error());
    if (!query->user_id) co_return std::unexpected(api::known::schema_error("[query.user_id] Invalid input: expected string, received undefined"));
    const auto user = co_await api::resolve_user(ctx, *query->user_id);
    if (!user) co_return std::unexpected(user.error());
    ListReply reply{co_await legacy::list_channels(ctx.db(), *user)};
    if (query->contact_channel_id)
        std::erase_if(reply.items, [&](const auto& item) { return item.id != http::to_lower(*query->contact_channel_id); });
    co_return http::Response::json(200, reply);
}

awaitable<Result<http::Response>> get(api::LegacyContext& ctx) {
    const auto channel = co_await require_channel(ctx);
    if (!channel) co_return std::unexpected(channel.error());
    co_return http::Response::json(200, *channel);
}
}  // namespace argon::stack::contact_channels
