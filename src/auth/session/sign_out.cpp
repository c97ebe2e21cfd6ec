// POST /sign-out: end the session and clear its cookies, with or without a session.
#include "api/session.hpp"
#include "auth/session/session.hpp"

namespace argon::auth::session {
namespace {

struct SignOutReply {
    static void fields(auto& f, const auto&) { f.required("success", true); }
};
}  // namespace

constexpr api::Description sign_out_docs = api::describe<void, SignOutReply>("signOut", "End the session; it is no mistake to have none");
awaitable<Result<http::Response>> sign_out(api::Context& ctx) {
    const auto lookup = co_await api::find_session(ctx, {.refresh = false, .cache = false});
    if (lookup.active) co_await identity::delete_session(ctx.db, lookup.active->current.session.token);
    auto response = http::Response::json(200, SignOutReply{});
    api::clear_session_cookies(ctx, response);
    co_return response;
}
}  // namespace argon::auth::session
