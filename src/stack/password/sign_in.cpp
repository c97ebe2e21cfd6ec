// POST /auth/password/sign-in: an address and a password for a session.
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
struct Body {
    std::string email;
    std::string password;

    static void fields(auto& f, auto& body) {
        f.required("email", body.email, json::email);
        f.required("password", body.password, longest);
    }
};
}  // namespace

awaitable<Result<http::Response>> sign_in(api::LegacyContext& ctx) {
    const auto body = ctx.body<Body>();
    if (!body) co_return std::unexpected(body.error());
    if (!ctx.project->config.credential_enabled) co_return refuse(api::known::password_not_enabled);

    const auto email = api::fold_address(body->email);
    const auto braked = co_await api::brake_account(ctx, email);
    if (!braked) co_return std::unexpected(braked.error());
    const auto account = co_await legacy::find_by_auth_email(ctx.db(), email);
    // Nobody and somebody without a password cost one hash too. bcrypt would not see what comes after 72 bytes: no such password was ever set.
    const bool fits_in = body->password.size() <= static_cast<std::size_t>(api::known::longest_password);
    const auto stored = account && fits_in ? account->password_hash : std::nullopt;
    const auto matches = co_await ctx.passwords().verify_bcrypt_or_burn(ctx.io(), stored, body->password);
    if (!matches) co_return std::unexpected(matches.error());
    if (!*matches) co_return refuse(api::known::email_password_mismatch);
    co_await api::forgive_account(ctx, email);

    const auto user = co_await legacy::find_user(ctx.db(), account->id);
    if (!user) co_return refuse(api::known::email_password_mismatch);
    const auto session = co_await api::open_legacy_session(ctx, ctx.db(), *user);
    if (!session) co_return refuse(api::known::email_password_mismatch);
    co_return http::Response::json(200, api::TokensReply{session->access_token, session->refresh_token, user->id, {}});
}
}  // namespace argon::stack::password
