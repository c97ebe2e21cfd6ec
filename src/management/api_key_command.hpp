// API keys from the command line, on a blocking session to the control database: what makes the first key, before any request could.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "branches/account_records.hpp"
#include "pg/session.hpp"

namespace argon::management {

struct CreatedApiKey {
    argon::branches::ApiKey key;
    Secret<> text;  ///< to be shown once
};

/// The operator's account, made when there is none.
std::string ensure_owner(pg::Session& control);

/// Refused when the name is empty, too long or has control characters.
Result<CreatedApiKey> create_api_key(pg::Session& control, const std::string& name);
/// Without those that were revoked.
std::vector<argon::branches::ApiKey> list_api_keys(pg::Session& control);
/// Nothing when there is no such key, or not any more.
std::optional<argon::branches::ApiKey> revoke_api_key(pg::Session& control, std::int64_t id);

/// Makes a key whose text is kept elsewhere valid: that of `argonauth dev`, the same at every start. Once revoked it stays so.
void register_api_key(pg::Session& control, const std::string& name, const Secret<>& text);
}  // namespace argon::management
