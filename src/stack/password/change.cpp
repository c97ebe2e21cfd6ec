// POST /auth/password/update and /auth/password/set: the signed-in user changes the password, or chooses a first one.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
struct UpdateBody {
    std::string old_password;
    std::string new_password;

    static void fields(auto& f, auto& body) {
        f.required("old_password", body.old_password, longest);
        f.required("new_password", body.new_password, longest);
    }
};

struct SetBody {
    std::string password;

    static void fields(auto& f, auto& body) { f.required("password", body.password, longest); }
};

/// Whoever stole a session loses it with the old password; this one stays. Refused when the password was changed meanwhile.
awaitable<Result<http::Response>> store(api::LegacyContext& ctx, const UserId& id, std::string password, std::optional<std::string> replaced) {
    auto hash = co_await ctx.passwords().hash_bcrypt(ctx.io(), std::move(password));
    if (!hash) co_return std::unexpected(hash.error());
    auto tx = co_await ctx.db().begin();
    const bool exists = co_await legacy::lock_user(tx, id);
    const auto current = co_await legacy::find_password_hash(tx, id);
    if (!exists || current != replaced) co_return refuse(api::known::password_confirmation_mismatch);
    const legacy::UserChange change{.password_hash = {true, std::move(*hash)}};
    const auto user = co_await legacy::update_user(tx, id, change, ctx.now);
    if (!user) co_return std::unexpected(api::to_error(user.error(), {}, {}));
    if (replaced) co_await legacy::delete_sessions_of(tx, id, ctx.token->session_id);
    co_await tx.commit();
    co_return api::say_success();
}
}  // namespace

awaitable<Result<http::Response>> update(api::LegacyContext& ctx) {
    const auto body = ctx.body<UpdateBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    if (!ctx.project->config.credential_enabled) co_return refuse(api::known::password_not_enabled);
    const auto fit = api::check_legacy_password(body->new_password);
    if (!fit) co_return std::unexpected(fit.error());
    const auto stored = co_await legacy::find_password_hash(ctx.db(), user->id);
    if (!stored) co_return refuse(api::known::user_does_not_have_password);
    const auto braked = co_await api::brake_account(ctx, user->id.value);
    if (!braked) co_return std::unexpected(braked.error());
    const bool fits_in = body->old_password.size() <= static_cast<std::size_t>(api::known::longest_password);
    const auto matches = co_await ctx.passwords().verify_bcrypt_or_burn(ctx.io(), fits_in ? stored : std::nullopt, body->old_password);
    if (!matches) co_return std::unexpected(matches.error());
    if (!*matches) co_return refuse(api::known::password_confirmation_mismatch);
    co_await api::forgive_account(ctx, user->id.value);
    co_return co_await store(ctx, user->id, body->new_password, stored);
}

awaitable<Result<http::Response>> set(api::LegacyContext& ctx) {
    const auto body = ctx.body<SetBody>();
    if (!body) co_return std::unexpected(body.error());
    const auto user = co_await api::require_own_user(ctx);
    if (!user) co_return std::unexpected(user.error());
    if (!ctx.project->config.credential_enabled) co_return refuse(api::known::password_not_enabled);
    const auto fit = api::check_legacy_password(body->password);
    if (!fit) co_return std::unexpected(fit.error());
    if (user->flag("has_password")) co_return api::known::refuse_text(400, "User already has a password set.");
    co_return co_await store(ctx, user->id, body->password, std::nullopt);
}
}  // namespace argon::stack::password
