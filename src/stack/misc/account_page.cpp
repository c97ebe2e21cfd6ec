// What the account page of the SDKs asks for and this server has not: payments, and mails that a user could turn off. The page goes under as
// a whole when one of these does not answer.
#include "stack/misc/account_page.hpp"

#include <algorithm>
#include <array>

#include "api/legacy_user.hpp"

namespace argon::stack::misc {
namespace {
/// Whoever could have bought something: clients speak of themselves, and of their teams.
awaitable<Result<>> check_customer(api::LegacyContext& ctx) {
    static constexpr std::array<std::string_view, 3> types{"user", "team", "custom"};
    const auto& type = ctx.parameter("customer_type");
    const auto& id = ctx.parameter("customer_id");
    if (std::ranges::find(types, type) == types.end())
        co_return std::unexpected(api::known::schema_error("[params.customer_type] Invalid option: expected one of \"user\"|\"team\"|\"custom\""));
    if (type != "user" && !ctx.is_client()) co_return Result<>{};
    const auto user = co_await api::resolve_user(ctx, type == "user" ? std::string_view{id} : "me");
    if (!user) co_return std::unexpected(user.error());
    co_return Result<>{};
}

awaitable<Result<http::Response>> answer_customer(api::LegacyContext& ctx, std::string_view reply) {
    const auto checked = co_await check_customer(ctx);
    if (!checked) co_return std::unexpected(checked.error());
    co_return http::Response::text(200, "application/json", std::string{reply});
}
}  // namespace

awaitable<Result<http::Response>> show_billing(api::LegacyContext& ctx) {
    return answer_customer(ctx, R"({"has_customer":false,"default_payment_method":null})");
}

awaitable<Result<http::Response>> list_nothing_bought(api::LegacyContext& ctx) {
    return answer_customer(ctx, R"({"items":[],"is_paginated":true,"pagination":{"next_cursor":null}})");
}

awaitable<Result<http::Response>> list_notification_preferences(api::LegacyContext& ctx) {
    const auto user = co_await api::resolve_user(ctx, ctx.parameter("user_id"));
    if (!user) co_return std::unexpected(user.error());
    co_return http::Response::text(200, "application/json", R"({"items":[],"is_paginated":false})");
}
}  // namespace argon::stack::misc
