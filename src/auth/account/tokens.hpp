// A provider's tokens of the signed-in user: read, refreshed when they are about to end, kept.
#pragma once

#include "api/oauth.hpp"
#include "api/session.hpp"
#include "auth/account/errors.hpp"

namespace argon::auth::account {

struct TokenBody {
    std::string providerId;
    std::optional<std::string> accountId;
    std::optional<std::string> userId;  ///< checked, and of no effect: it is always the session's

    static void fields(auto& f, auto& body) {
        f.required("providerId", body.providerId);
        f.optional("accountId", body.accountId);
        f.optional("userId", body.userId);
    }
};

/// An account with the client of its provider.
struct Linked {
    identity::ProviderAccount account;
    api::OauthClient client;
};

/// The user's account at that provider; the first one unless `accountId` names it.
awaitable<Result<Linked>> find_linked(api::Context& ctx, const UserId& user, const TokenBody& wanted);

inline constexpr api::Refusals linked_refusals{errors::provider_not_supported, errors::account_not_found};

struct FreshTokens {
    std::string access_token;
    std::optional<std::string> refresh_token;
    std::optional<std::string> id_token;
    std::optional<TimePoint> access_token_expires_at;
    std::optional<TimePoint> refresh_token_expires_at;
    std::vector<std::string> scopes;
};
/// What is stored, in clear.
FreshTokens stored_tokens(const api::Context& ctx, const identity::ProviderAccount& account);
/// Asks the provider and keeps what it answers. When another request was faster with a refresh token that is good for one use, its
/// result counts.
awaitable<Result<FreshTokens>> refresh_tokens(api::Context& ctx, const Linked& linked, const std::string& refresh_token, ErrorSpec refusal);
/// Refreshed when the access token ends within five seconds and there is a way to.
awaitable<Result<FreshTokens>> valid_tokens(api::Context& ctx, const Linked& linked);

std::vector<std::string> split_scopes(std::string_view scope);
}  // namespace argon::auth::account
