// GET /list-accounts: the user's ways to sign in, never their passwords and tokens.
#include "api/session.hpp"
#include "auth/account/account.hpp"
#include "auth/account/tokens.hpp"
#include "identity/accounts.hpp"

namespace argon::auth::account {
namespace {

struct AccountView {
    static constexpr std::string_view schema_name = "Account";
    std::string id;
    std::string providerId;
    std::string accountId;
    UserId userId;
    TimePoint createdAt;
    TimePoint updatedAt;
    std::vector<std::string> scopes;

    static void fields(auto& f, const auto& account) {
        f.required("providerId", account.providerId);
        f.required("accountId", account.accountId);
        f.required("userId", account.userId);
        f.required("createdAt", account.createdAt);
        f.required("updatedAt", account.updatedAt);
        f.required("id", account.id);
        f.required("scopes", account.scopes);
    }
};
}  // namespace

constexpr api::Description list_accounts_docs =
    api::describe<void, std::vector<AccountView>>("listUserAccounts", "List the ways in which the user signs in", {.needs = api::Needs::session});
awaitable<Result<http::Response>> list_accounts(api::Context& ctx) {
    const auto session = co_await api::require_session(ctx);
    if (!session) co_return std::unexpected(session.error());
    const auto accounts = co_await identity::list_accounts(ctx.db, session->current.user.id);
    std::vector<AccountView> views;
    for (const auto& account : accounts) {
        views.push_back({account.id, account.provider_id, account.account_id, account.user_id, account.created_at, account.updated_at,
                         split_scopes(account.scope.value_or(""))});
    }
    auto response = http::Response::json(200, views);
    api::keep_session_cookies(ctx, response, *session);
    co_return response;
}
}  // namespace argon::auth::account
