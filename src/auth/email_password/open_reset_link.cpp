// GET /reset-password/{token}: the link in the mail leads on to the app's page, with the token or an error. Opening it uses nothing up.
#include "api/guards.hpp"
#include "api/one_time.hpp"
#include "api/redirects.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_password/errors.hpp"

namespace argon::auth::email_password {
namespace {

struct LinkQuery {
    std::string callbackURL;

    static void fields(auto& f, auto& query) { f.required("callbackURL", query.callbackURL); }
};
}  // namespace

constexpr api::Description open_reset_link_docs =
    api::describe<void, void, LinkQuery>("resetPasswordCallback", "Send whoever opens the mailed link on to the app, with the token or an error",
                                         {.status = 302, .refusals = api::link_target_refusals});
awaitable<Result<http::Response>> open_reset_link(api::Context& ctx) {
    const auto query = ctx.parameters<LinkQuery>();
    if (!query) co_return std::unexpected(query.error());
    if (auto checked = api::check_link_targets(ctx); !checked) co_return std::unexpected(checked.error());
    if (query->callbackURL.empty()) co_return api::send_on(api::base_url(ctx) + "/error?error=INVALID_TOKEN");

    const auto target = api::resolve_target(ctx, query->callbackURL);
    const auto found = co_await identity::find_verification(ctx.db, "reset-password:" + api::hash_token(ctx, ctx.parameter), ctx.now);
    if (!found) co_return api::send_on(api::with_parameter(target, "error", errors::invalid_token.code));
    co_return api::send_on(api::with_parameter(target, "token", ctx.parameter));
}
}  // namespace argon::auth::email_password
