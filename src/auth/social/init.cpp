// GET /sign-in/social/init?token=...: the browser, on our host at last, gets its state cookie and goes on to the provider.
#include "api/error_page.hpp"
#include "api/redirects.hpp"
#include "api/session_verifier.hpp"
#include "auth/social/errors.hpp"
#include "auth/social/flow.hpp"
#include "auth/social/social.hpp"

namespace argon::auth::social {
namespace {
constexpr ErrorSpec link_expired{400, "VERIFICATION_NOT_FOUND", "This sign-in was begun too long ago, or not at all."};

/// The provider was removed since the sign-in began: the app is told, as at the end.
http::Response leave(const api::Context& ctx, const Flow& flow) {
    const auto& target = flow.errorURL ? *flow.errorURL : flow.callbackURL;
    if (!ctx.auth->trusted.trusts_target(target)) return api::error_answer(ctx.request, errors::provider_not_found);
    return api::send_on(api::with_parameter(target, "error", "oauth_provider_not_found"));
}
}  // namespace

awaitable<Result<http::Response>> init(api::Context& ctx) {
    const auto* token = http::find(ctx.query, "token");
    const auto flow = token ? co_await find_init(ctx, *token) : std::nullopt;
    if (!flow) co_return api::error_answer(ctx.request, link_expired);
    const auto client = api::find_oauth_client(ctx, flow->provider);
    if (!client) co_return leave(ctx, *flow);
    auto response = api::send_on({});
    auto url = co_await begin(ctx, *flow, *client, response);
    response.set("Location", std::move(url));
    response.set("Cache-Control", "no-store");
    co_return response;
}
}  // namespace argon::auth::social
