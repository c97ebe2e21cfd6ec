// What SDKs ask for besides: answered so that they go on, and nothing is collected.
#include "stack/misc/account_page.hpp"

namespace argon::stack::misc {
namespace {
awaitable<Result<http::Response>> welcome(api::LegacyContext& ctx) {
    co_return http::Response::text(200, "text/plain; charset=utf-8",
                                   "Welcome to the Stack-compatible API of this Argonauth.\n\nSet the headers x-stack-access-type, "
                                   "x-stack-project-id and a key of the project.\n"
                                   "Request id: " +
                                       ctx.request_id + "\n");
}

awaitable<Result<http::Response>> health(api::LegacyContext&) { co_return http::Response::text(200, "application/json", R"({"status":"ok"})"); }

/// Newer SDKs sign visitors up without a name to count them: that would fill users_sync with people nobody knows.
awaitable<Result<http::Response>> refuse_anonymous(api::LegacyContext&) { co_return refuse(api::known::anonymous_not_enabled); }

awaitable<Result<http::Response>> say_unsupported(api::LegacyContext&) {
    co_return http::Response::text(200, "text/plain; charset=utf-8", "This feature is not supported by this server.");
}

/// Taken and dropped.
awaitable<Result<http::Response>> drop(api::LegacyContext&) {
    co_return http::Response::text(200, "application/json", R"({"success":true,"inserted":0})");
}

using api::LegacyAccess;
using http::Method;
constexpr api::LegacyRoute table[] = {
    {Method::get, "/", welcome, LegacyAccess::open},
    {Method::get, "/health", health, LegacyAccess::open},
    {Method::post, "/auth/anonymous/sign-up", refuse_anonymous},
    {Method::post, "/check-feature-support", say_unsupported, LegacyAccess::open},
    {Method::post, "/analytics/events/batch", drop, LegacyAccess::open},
    {Method::post, "/session-replays/batch", drop, LegacyAccess::open},
    {Method::get, "/emails/notification-preference/{user_id}", list_notification_preferences},
    {Method::get, "/payments/billing/{customer_type}/{customer_id}", show_billing},
    {Method::get, "/payments/products/{customer_type}/{customer_id}", list_nothing_bought},
    {Method::get, "/payments/invoices/{customer_type}/{customer_id}", list_nothing_bought},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::misc
