// GET /admin/get-user?id: one user.
#include "auth/admin/access.hpp"
#include "auth/admin/admin.hpp"
#include "auth/admin/errors.hpp"

namespace argon::auth::admin {
namespace {

struct GetQuery {
    std::string id;

    static void fields(auto& f, auto& query) { f.required("id", query.id); }
};
}  // namespace

constexpr api::Description get_user_docs = api::describe<void, identity::User, GetQuery>(
    "getUser", "One user", {.needs = api::Needs::session, .refusals = {errors::unauthorized, errors::may_not_get, errors::user_not_found}});
awaitable<Result<http::Response>> get_user(api::Context& ctx) {
    const auto query = ctx.parameters<GetQuery>();
    if (!query) co_return std::unexpected(query.error());
    const auto session = co_await require_right(ctx, {"user", "get", errors::may_not_get});
    if (!session) co_return std::unexpected(session.error());
    const auto user = co_await require_user(ctx, query->id);
    if (!user) co_return std::unexpected(user.error());
    co_return http::Response::json(200, api::shown(ctx, *user));
}
}  // namespace argon::auth::admin
