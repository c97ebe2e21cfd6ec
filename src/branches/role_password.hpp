// Passwords of database roles: generated here, shown to those who may connect, stored sealed.
#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "crypto/secret_key.hpp"

namespace argon::branches {

/// `npg_` and 20 letters and digits: 119 bits that need no quoting in a connection string.
Secret<> make_role_password();
/// Bound to branch and role: a text moved to another row does not open there.
std::string seal_role_password(const crypto::MasterKey& master, const BranchId& branch, const std::string& role, const Secret<>& password);
/// Throws std::runtime_error for a text that was not sealed for this place with this master key.
Secret<> open_role_password(const crypto::MasterKey& master, const BranchId& branch, const std::string& role, const std::string& sealed);
}  // namespace argon::branches
