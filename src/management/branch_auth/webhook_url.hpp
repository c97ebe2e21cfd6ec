// Where a branch's webhook may be (auth-service.md, section 8.1). Names are judged here, when they are saved; what they resolve to is
// judged at each delivery, because it can change.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outbound/addresses.hpp"

namespace argon::management::branch_auth {

/// https and a public host name. Addresses, names of this machine and of local networks are refused unless the operator allows
/// connections to them; this machine may then do without TLS. Returns its complaint, or nothing.
std::optional<std::string> check_webhook_url(std::string_view url, const outbound::AddressPolicy& policy);
}  // namespace argon::management::branch_auth
