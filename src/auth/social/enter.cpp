#include "auth/social/enter.hpp"

#include <algorithm>

#include "api/deliver.hpp"
#include "api/email_verification.hpp"
#include "api/session.hpp"

namespace argon::auth::social {
namespace {

identity::NewProviderAccount new_account(const api::Context& ctx, const UserId& user, const std::string& provider, const oauth::Profile& profile,
                                         const oauth::Tokens& tokens) {
    return {user, provider, profile.id, api::seal_tokens(ctx.services, provider, profile.id, tokens)};
}

bool is_trusted(const api::Context& ctx, const std::string& provider) {
    const auto& trusted = ctx.settings().advanced.linking.trustedProviders;
    return std::ranges::find(trusted, provider) != trusted.end();
}

/// The account is known: its tokens are fresh, and the address may have been proven meanwhile.
awaitable<std::expected<Entered, Failure>> enter_known(api::Context& ctx, const identity::ProviderAccount& account, const oauth::Profile& profile,
                                                       const oauth::Tokens& tokens) {
    auto tx = co_await ctx.pool->begin();
    auto user = co_await identity::find_user(tx, account.user_id);
    if (!user) co_return std::unexpected(Failure{"user_not_found"});
    const auto sealed = api::seal_tokens(ctx.services, account.provider_id, account.account_id, tokens);
    co_await identity::update_provider_tokens(tx, account.id, sealed, ctx.now);
    if (profile.email_verified && !user->email_verified && profile.email == user->email) {
        const auto proven = co_await identity::prove_email(tx, user->id, ctx.now, account.id);
        if (proven) user = *proven;
    }
    co_await tx.commit();
    co_return Entered{std::move(*user)};
}

/// Somebody here has the address. The account joins them only when both sides have proven it: an address that a provider did not check
/// takes nobody's account over, and an account whose address its owner never proved is handed to nobody.
awaitable<std::expected<Entered, Failure>> join_user(api::Context& ctx, const Flow& flow, identity::User user, const oauth::Profile& profile,
                                                     const oauth::Tokens& tokens) {
    const bool provider_side = profile.email_verified || is_trusted(ctx, flow.provider);
    if (!ctx.settings().advanced.linking.enabled || !provider_side || !user.email_verified) co_return std::unexpected(Failure{"account_not_linked"});
    const auto account = new_account(ctx, user.id, flow.provider, profile, tokens);
    const auto inserted = co_await identity::insert_provider_account(ctx.db, account, ctx.now);
    if (!inserted) co_return std::unexpected(Failure{"unable_to_link_account"});
    co_return Entered{std::move(user)};
}

bool wants_proof(const api::Context& ctx, const identity::User& user) {
    return !user.email_verified && ctx.settings().email_and_password.sendVerificationEmailOnSignUp;
}

awaitable<std::expected<Entered, Failure>> sign_up(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens) {
    const identity::NewUser person{
        .name = profile.name, .email = profile.email, .email_verified = profile.email_verified, .image = profile.image, .verified_phone = {}};
    const auto approved = co_await api::approve_new_user(ctx, person, flow.provider);
    if (!approved) co_return std::unexpected(Failure{std::string{approved.error().code()}, std::string{approved.error().message()}});

    auto tx = co_await ctx.pool->begin();
    auto user = co_await identity::insert_user(tx, person, ctx.now);
    if (!user) co_return std::unexpected(Failure{"unable_to_create_user"});
    const auto account = new_account(ctx, user->id, flow.provider, profile, tokens);
    const auto inserted = co_await identity::insert_provider_account(tx, account, ctx.now);
    if (!inserted) co_return std::unexpected(Failure{"unable_to_create_user"});
    co_await api::announce_user_created(ctx, tx, *user, flow.provider);
    const bool by_webhook = api::verification_waits_for_webhook(ctx, *user);
    const bool sends = wants_proof(ctx, *user);
    if (sends && !by_webhook) {
        const auto sent = co_await api::send_email_verification(ctx, tx, *user, flow.callbackURL);
        if (!sent) co_return std::unexpected(Failure{"unable_to_create_user"});
    }
    co_await tx.commit();
    // Whoever's code the webhook did not take has an account all the same, and can ask for another.
    if (sends && by_webhook) co_await api::send_email_verification(ctx, ctx.db, *user, flow.callbackURL);
    co_return Entered{std::move(*user), true};
}
}  // namespace

Failure banned(const Flow& flow) {
    const std::string_view code = flow.challenge ? "banned" : api::errors::banned_user.code;
    return {std::string{code}, std::string{api::errors::banned_user.message}};
}

awaitable<std::expected<Entered, Failure>> enter(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens) {
    const auto account = co_await identity::find_provider_account(ctx.db, flow.provider, profile.id);
    std::expected<Entered, Failure> entered;
    if (account) {
        entered = co_await enter_known(ctx, *account, profile, tokens);
    } else if (profile.email.empty()) {
        entered = std::unexpected(Failure{"email_not_found"});
    } else {
        const auto user = co_await identity::find_user_by_email(ctx.db, profile.email);
        if (user) {
            entered = co_await join_user(ctx, flow, *user, profile, tokens);
        } else {
            entered = co_await sign_up(ctx, flow, profile, tokens);
        }
    }
    if (entered && api::is_banned(ctx, entered->user)) co_return std::unexpected(banned(flow));
    co_return entered;
}

awaitable<std::expected<void, Failure>> add_account(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens) {
    const bool provider_side = profile.email_verified || is_trusted(ctx, flow.provider) || profile.email.empty();
    if (!ctx.settings().advanced.linking.enabled || !provider_side) co_return std::unexpected(Failure{"unable_to_link_account"});
    const auto user = co_await identity::find_user(ctx.db, UserId{flow.link->userId});
    if (!user || user->email != flow.link->email) co_return std::unexpected(Failure{"unable_to_link_account"});
    if (profile.email != user->email) co_return std::unexpected(Failure{"email_doesn't_match"});
    // Whoever signed up with somebody else's address and never proved it could otherwise send the true owner through the init hop, which
    // needs no cookie, and have them add their account. In the direct way only the browser that began can finish: there the owner of the
    // address is who is signed in, for the provider says so.
    const bool is_owner = !flow.challenge && profile.email_verified;
    if (!user->email_verified && !is_owner) co_return std::unexpected(Failure{"email_not_verified"});
    if (api::is_banned(ctx, *user)) co_return std::unexpected(banned(flow));

    const auto account = new_account(ctx, user->id, flow.provider, profile, tokens);
    const auto inserted = co_await identity::insert_provider_account(ctx.db, account, ctx.now);
    if (inserted) co_return std::expected<void, Failure>{};
    const auto existing = co_await identity::find_provider_account(ctx.db, flow.provider, profile.id);
    if (!existing || existing->user_id != user->id) co_return std::unexpected(Failure{"account_already_linked_to_different_user"});
    co_await identity::update_provider_tokens(ctx.db, existing->id, account.tokens, ctx.now);
    co_return std::expected<void, Failure>{};
}
}  // namespace argon::auth::social
