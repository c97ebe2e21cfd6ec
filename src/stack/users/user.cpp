// GET, PATCH and DELETE /users/{user_id}: one user, for the app's server.
#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
struct Named {
    UserId user_id;

    static void parts(auto& r, auto& request) { r.uuid("user_id", request.user_id); }
};

struct Update : Named {
    UserBody body;

    static void parts(auto& r, auto& request) {
        Named::parts(r, request);
        r.body(request.body);
    }
};

awaitable<Result<http::Response>> get(api::LegacyContext& ctx, Named request) {
    const auto user = co_await legacy::find_user(ctx.db(), request.user_id);
    if (!user) co_return refuse(api::known::user_not_found);
    co_return api::show_user(ctx, 200, *user);
}

awaitable<Result<http::Response>> update(api::LegacyContext& ctx, Update request) {
    co_return co_await change_user(ctx, request.user_id, std::move(request.body));
}

awaitable<Result<http::Response>> remove(api::LegacyContext& ctx, Named request) { co_return co_await remove_user(ctx, request.user_id); }
}  // namespace

constinit const api::DecodedEndpoint get_user = api::decoded<Named, get>;
constinit const api::DecodedEndpoint update_user = api::decoded<Update, update>;
constinit const api::DecodedEndpoint delete_user = api::decoded<Named, remove>;
}  // namespace argon::stack::users
