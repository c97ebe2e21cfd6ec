#include "auth/account/account.hpp"

namespace argon::auth::account {
namespace {
using http::Method;

constexpr api::Route table[] = {
    {Method::get, "/list-accounts", list_accounts},
    {Method::post, "/unlink-account", unlink},
    {Method::post, "/get-access-token", get_access_token},
    // As the SDK's server table has it (auth-service.md, 2.2).
    {Method::get, "/get-access-token", read_access_token},
    {Method::post, "/refresh-token", refresh_token},
    {Method::get, "/account-info", account_info},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::account
