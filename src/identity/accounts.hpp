// Ways to sign in: rows of neon_auth.account. A password is the account with provider `credential`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/users.hpp"

namespace argon::identity {

struct Credential {
    User user;
    std::optional<std::string> password_hash;  ///< absent: the user signs in another way

    static void columns(auto& column, auto& credential) {
        User::columns(column, credential.user);
        column(credential.password_hash);
    }
};

/// `email` in lower case.
awaitable<std::optional<Credential>> find_credential(pg::Executor& db, std::string_view email);
/// The password's hash by the user's id; absent when there is none.
awaitable<std::optional<std::string>> find_password(pg::Executor& db, const UserId& user);
/// Changes the password, or gives the user a first one.
awaitable<> set_password(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now);

struct Account {
    std::string id;
    std::string provider_id;
    std::string account_id;
    UserId user_id;
    std::optional<std::string> scope;
    TimePoint created_at;
    TimePoint updated_at;

    static void columns(auto& column, auto& account) {
        column(account.id);
        column(account.provider_id);
        column(account.account_id);
        column(account.user_id);
        column(account.scope);
        column(account.created_at);
        column(account.updated_at);
    }
};
/// Without passwords and tokens, oldest first.
awaitable<std::vector<Account>> list_accounts(pg::Executor& db, const UserId& user);

/// What a provider gave at the last sign-in or refresh. Tokens as stored: sealed (branch_secrets.hpp).
struct ProviderTokens {
    std::optional<std::string> access_token;
    std::optional<std::string> refresh_token;
    std::optional<std::string> id_token;
    std::optional<TimePoint> access_token_expires_at;
    std::optional<TimePoint> refresh_token_expires_at;
    std::optional<std::string> scope;  ///< separated by commas

    static void columns(auto& column, auto& tokens) {
        column(tokens.access_token);
        column(tokens.refresh_token);
        column(tokens.id_token);
        column(tokens.access_token_expires_at);
        column(tokens.refresh_token_expires_at);
        column(tokens.scope);
    }
};

/// A person's account at a provider.
struct ProviderAccount {
    std::string id;
    std::string provider_id;
    std::string account_id;
    UserId user_id;
    ProviderTokens tokens;

    static void columns(auto& column, auto& account) {
        column(account.id);
        column(account.provider_id);
        column(account.account_id);
        column(account.user_id);
        ProviderTokens::columns(column, account.tokens);
    }
};
awaitable<std::optional<ProviderAccount>> find_provider_account(pg::Executor& db, std::string_view provider, std::string_view account);
/// Oldest first.
awaitable<std::vector<ProviderAccount>> list_provider_accounts(pg::Executor& db, const UserId& user);

struct NewProviderAccount {
    UserId user_id;
    std::string provider_id;
    std::string account_id;
    ProviderTokens tokens;
};
/// False when the account belongs to somebody already, also to who signs in at this very moment.
awaitable<bool> insert_provider_account(pg::Executor& db, const NewProviderAccount& account, TimePoint now);
/// Absent tokens stay as they are. False when the account is gone.
awaitable<bool> update_provider_tokens(pg::Executor& db, std::string_view id, const ProviderTokens& tokens, TimePoint now);

awaitable<> delete_account(pg::Executor& db, const UserId& user, std::string_view id);

awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now);
}  // namespace argon::identity
