// The ways in which the signed-in user signs in, and the tokens that identity providers gave for them.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::account {

api::Endpoint list_accounts, unlink, get_access_token, read_access_token, refresh_token, account_info;
extern const api::Description list_accounts_docs, unlink_docs, get_access_token_docs, refresh_token_docs, account_info_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::account
