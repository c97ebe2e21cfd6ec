// The addresses of users: listed, added, changed and proven by mail. Clients reach their own user's only.
#pragma once

#include "api/legacy.hpp"
#include "api/legacy_user.hpp"
#include "legacy/contact_channels.hpp"

namespace argon::stack::contact_channels {

/// The user of the path and their channel.
awaitable<Result<legacy::ContactChannel>> require_channel(api::LegacyContext& ctx);
inline constexpr ErrorSpec not_found{404, "", "Contact channel not found."};

api::LegacyEndpoint list, create, get, update, remove, send_code, send_code_by_address, verify, check_code;
}  // namespace argon::stack::contact_channels
