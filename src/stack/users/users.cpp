#include "stack/users/users.hpp"

#include "api/legacy_sign_in.hpp"
#include "crypto/bcrypt.hpp"
#include "legacy/sessions.hpp"

namespace argon::stack::users {
namespace {
using api::LegacyAccess;
using http::Method;

constexpr api::LegacyRoute table[] = {
    {Method::get, "/users", list_users, LegacyAccess::server},
    {Method::post, "/users", create_user, LegacyAccess::server},
    {Method::get, "/users/me", get_own_user},
    {Method::patch, "/users/me", update_own_user},
    {Method::delete_, "/users/me", delete_own_user},
    {Method::get, "/users/{user_id}", get_user, LegacyAccess::server},
    {Method::patch, "/users/{user_id}", update_user, LegacyAccess::server},
    {Method::delete_, "/users/{user_id}", delete_user, LegacyAccess::server},
};

/// Nobody is told that a second factor protects them where none would be asked for.
Result<> refuse_unsupported(const UserBody& body) {
    if (body.totp_secret_base64.value) return api::known::refuse_text(400, "Multi-factor authentication is not available in this project");
    if (body.passkey_auth_enabled.value.value_or(false)) return api::known::refuse_text(400, "Passkeys are not available in this project");
    if (body.password.value && body.password_hash.value) return std::unexpected(api::known::schema_error("Give password or password_hash, not both"));
    if (body.password_hash.value && !crypto::is_bcrypt(*body.password_hash.value)) {
        return std::unexpected(api::known::schema_error("[body.password_hash] Invalid input: expected a bcrypt hash of cost 4 to 14"));
    }
    if (body.password.value) return api::check_legacy_password(*body.password.value);
    return {};
}
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }

awaitable<Result<legacy::UserChange>> to_change(api::LegacyContext& ctx, UserBody body) {
    const auto supported = refuse_unsupported(body);
    if (!supported) co_return std::unexpected(supported.error());
    legacy::UserChange change{.display_name = std::move(body.display_name),
                              .profile_image_url = std::move(body.profile_image_url),
                              .client_metadata = std::move(body.client_metadata),
                              .client_read_only_metadata = std::move(body.client_read_only_metadata),
                              .server_metadata = std::move(body.server_metadata),
                              .primary_email = std::move(body.primary_email),
                              .primary_email_verified = body.primary_email_verified,
                              .primary_email_auth_enabled = body.primary_email_auth_enabled,
                              .password_hash = std::move(body.password_hash),
                              .otp_auth_enabled = body.otp_auth_enabled,
                              .selected_team_id = std::move(body.selected_team_id),
                              .is_anonymous = body.is_anonymous};
    if (change.primary_email.value) change.primary_email.value = api::fold_address(*change.primary_email.value);
    if (!body.password.present) co_return std::move(change);
    change.password_hash = {.present = true, .value = {}};
    if (!body.password.value) co_return std::move(change);
    auto hash = co_await ctx.passwords().hash_bcrypt(ctx.io(), *body.password.value);
    if (!hash) co_return std::unexpected(hash.error());
    change.password_hash.value = std::move(*hash);
    co_return std::move(change);
}

awaitable<Result<http::Response>> change_user(api::LegacyContext& ctx, UserId id, UserBody body) {
    auto change = co_await to_change(ctx, std::move(body));
    if (!change) co_return std::unexpected(change.error());
    auto tx = co_await ctx.db().begin();
    const auto user = co_await legacy::update_user(tx, id, *change, ctx.now);
    if (!user) {
        co_return std::unexpected(api::to_error(user.error(), change->primary_email.value.value_or(""), change->selected_team_id.value.value_or("")));
    }
    if (change->password_hash.present) co_await legacy::delete_sessions_of(tx, id, {});
    co_await tx.commit();
    co_return api::show_user(ctx, 200, *user);
}

awaitable<Result<http::Response>> remove_user(api::LegacyContext& ctx, UserId id) {
    auto tx = co_await ctx.db().begin();
    const bool existed = co_await legacy::delete_user(tx, id, ctx.now);
    if (!existed) co_return refuse(api::known::user_not_found);
    co_await tx.commit();
    co_return api::say_success();
}
}  // namespace argon::stack::users
