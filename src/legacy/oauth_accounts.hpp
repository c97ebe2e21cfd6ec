// Accounts at OAuth providers that users sign in with. As in users.hpp, `tx` is a transaction, and its end is mirror_user.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pg/executor.hpp"

namespace argon::legacy {

struct OauthAccount {
    std::string id;
    UserId user_id;
    std::string provider_id;
    std::string account_id;  ///< at the provider
    std::optional<std::string> email;

    static void columns(auto& column, auto& account) { column(account.id)(account.user_id)(account.provider_id)(account.account_id)(account.email); }
};

/// False when somebody has it already.
awaitable<bool> insert_oauth_account(pg::Executor& tx, const OauthAccount& account, TimePoint now);
awaitable<std::optional<OauthAccount>> find_oauth_account(pg::Executor& db, const std::string& provider, const std::string& account_id);
awaitable<std::vector<OauthAccount>> list_oauth_accounts(pg::Executor& db, const UserId& user);
}  // namespace argon::legacy
