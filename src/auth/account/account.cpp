#include "auth/account/account.hpp"

namespace argon::auth::account {
namespace {
constexpr api::Route table[] = {
    {http::Method::get, "/list-accounts", list_accounts, {}, &list_accounts_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::account
