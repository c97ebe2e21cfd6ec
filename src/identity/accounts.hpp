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

awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now);
}  // namespace argon::identity
