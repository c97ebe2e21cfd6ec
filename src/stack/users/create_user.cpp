// POST /users: a user made by the app's server, with or without ways to sign in.
#include "legacy/oauth_accounts.hpp"
#include "stack/users/users.hpp"

namespace argon::stack::users {
namespace {
struct OauthBody {
    std::string id;
    std::string account_id;
    json::Patch<std::string> email;

    static void fields(auto& f, auto& body) {
        f.required("id", body.id, json::min_length{1}, json::max_length{64});
        f.required("account_id", body.account_id, json::min_length{1}, json::max_length{256});
        f.optional("email", body.email, json::email);
    }
};

struct CreateBody : UserBody {
    std::vector<OauthBody> oauth_providers;

    static void fields(auto& f, auto& body) {
        UserBody::fields(f, body);
        f.optional("oauth_providers", body.oauth_providers);
    }
    static void parts(auto& r, auto& body) { r.body(body); }
};

awaitable<Result<http::Response>> create(api::LegacyContext& ctx, CreateBody body) {
    const bool has_address = body.primary_email.value.has_value();
    if (!has_address && body.primary_email_auth_enabled.value.value_or(false)) {
        co_return api::known::refuse_text(400, "primary_email_auth_enabled cannot be true without primary_email");
    }
    auto accounts = std::move(body.oauth_providers);
    const auto change = co_await to_change(ctx, std::move(body));
    if (!change) co_return std::unexpected(change.error());

    auto tx = co_await ctx.db().begin();
    auto user = co_await legacy::create_user(tx, *change, ctx.now);
    if (!user) {
        co_return std::unexpected(api::to_error(user.error(), change->primary_email.value.value_or(""), change->selected_team_id.value.value_or("")));
    }
    for (const auto& account : accounts) {
        const legacy::OauthAccount row{
            .id = {}, .user_id = user->id, .provider_id = account.id, .account_id = account.account_id, .email = account.email.value};
        const bool added = co_await legacy::insert_oauth_account(tx, row, ctx.now);
        if (!added) co_return refuse(api::known::oauth_connected_elsewhere);
    }
    if (!accounts.empty()) *user = co_await legacy::mirror_user(tx, user->id, ctx.now);
    co_await tx.commit();
    co_return api::show_user(ctx, 201, *user);
}
}  // namespace

constinit const api::DecodedEndpoint create_user = api::decoded<CreateBody, create>;
}  // namespace argon::stack::users
