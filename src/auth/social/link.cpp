// POST /link-social: as sign-in/social, for who is signed in and adds an account. Through the init hop too: behind an app's proxy the
// state cookie would land on the app's host, and the callback on ours would not see it.
#include "api/session.hpp"
#include "auth/social/social.hpp"
#include "auth/social/start.hpp"

namespace argon::auth::social {

constexpr api::Description link_docs = api::describe<StartBody, StartReply>(
    "linkSocialAccount", "Begin to add an identity provider's account to the user",
    {.needs = api::Needs::session,
     .refusals = {start_refusals, errors::linking_not_allowed, errors::other_email, errors::linked_elsewhere, api::errors::banned_user}});
awaitable<Result<http::Response>> link(api::Context& ctx) {
    auto body = read_start(ctx);
    if (!body) co_return std::unexpected(body.error());
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto& user = session->current.user;
    auto started = co_await start(ctx, std::move(*body), Link{user.id.value, user.email});
    if (!started) co_return std::unexpected(started.error());
    api::keep_session_cookies(ctx, *started, *session);
    co_return started;
}
}  // namespace argon::auth::social
