// Secrets among a branch's settings: sealed in the row when they come over the management API, in clear when somebody wrote them
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

std::string seal_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view secret);
/// Nothing when the text is sealed, but not with this master key for this place.
std::optional<std::string> open_branch_secret(const crypto::MasterKey& master_key, std::string_view place, std::string_view stored);
}  // namespace argon::identity
