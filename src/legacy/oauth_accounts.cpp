#include "legacy/oauth_accounts.hpp"

namespace argon::legacy {
namespace {
#define OAUTH_COLUMNS "o.id, o.user_id, o.provider_id, o.account_id, o.email"

constexpr pg::Statement insert{"legacy.insert_oauth_account", R"sql(
    INSERT INTO stack_auth.oauth_account (user_id, provider_id, account_id, email, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (provider_id, account_id) DO NOTHING)sql"};
constexpr pg::Statement select_one{"legacy.select_oauth_account",
                                   "SELECT " OAUTH_COLUMNS " FROM stack_auth.oauth_account o WHERE o.provider_id = $1 AND o.account_id = $2"};
constexpr pg::Statement select_all{"legacy.list_oauth_accounts",
                                   "SELECT " OAUTH_COLUMNS
                                   " FROM stack_auth.oauth_account o WHERE o.user_id = $1 ORDER BY o.created_at, o.id LIMIT 1000"};
}  // namespace

awaitable<bool> insert_oauth_account(pg::Executor& tx, const OauthAccount& account, TimePoint now) {
    const auto rows = co_await tx.query(insert, account.user_id, account.provider_id, account.account_id, account.email, now);
    co_return rows.affected() == 1;
}

awaitable<std::optional<OauthAccount>> find_oauth_account(pg::Executor& db, const std::string& provider, const std::string& account_id) {
    const auto rows = co_await db.query(select_one, provider, account_id);
    co_return rows.maybe<OauthAccount>();
}

awaitable<std::vector<OauthAccount>> list_oauth_accounts(pg::Executor& db, const UserId& user) {
    const auto rows = co_await db.query(select_all, user);
    co_return rows.all<OauthAccount>();
}
}  // namespace argon::legacy
