// Secrets among a branch's settings and its people's accounts: sealed in the row when we write them, in clear when somebody wrote them
// with SQL. They are bound to their column and not to the branch, because a copied branch goes on using them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret_key.hpp"

namespace argon::identity {

inline constexpr std::string_view email_password_place = "neon_auth.project_config|email_provider|password";
inline constexpr std::string_view imported_secret_place = "neon_auth.project_config|advanced|secret";
/// Where the client secret of an OAuth provider stands.
std::string client_secret_place(std::string_view provider);

/// Where a token stands that a provider gave for a person's account; `column` is one of neon_auth.account.
std::string provider_token_place(std::string_view column, std::string_view provider, std::string_view account);

std::string seal_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view secret);
/// Nothing when the text is sealed, but not with this master key for this place.
std::optional<std::string> open_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view stored);
}  // namespace argon::identity
