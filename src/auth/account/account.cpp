#include "auth/account/account.hpp"

namespace argon::auth::account {
namespace {
using http::Method;

constexpr api::Route table[] = {
    {Method::get, "/list-accounts", list_accounts, {}, &list_accounts_docs},
    {Method::post, "/unlink-account", unlink, {}, &unlink_docs},
    {Method::post, "/get-access-token", get_access_token, {}, &get_access_token_docs},
    // As the SDK's server table has it (auth-service.md, 2.2).
    {Method::get, "/get-access-token", read_access_token, {}, &api::unlisted},
    {Method::post, "/refresh-token", refresh_token, {}, &refresh_token_docs},
    {Method::get, "/account-info", account_info, {}, &account_info_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::account
