#include "branches/role_password.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "crypto/envelope.hpp"
#include "crypto/random.hpp"

namespace argon::branches {
namespace {
constexpr std::string_view purpose = "role password";

std::string place(const BranchId& branch, const std::string& role) { return fmt::format("argonauth.role|{}|{}", branch.value, role); }
}  // namespace

Secret<> make_role_password() { return Secret<>{"npg_" + crypto::random_text(20, crypto::alphanumeric)}; }

std::string seal_role_password(const crypto::MasterKey& master, const BranchId& branch, const std::string& role, const Secret<>& password) {
    return crypto::seal(master.derive(purpose), password.reveal(), place(branch, role));
}

Secret<> open_role_password(const crypto::MasterKey& master, const BranchId& branch, const std::string& role, const std::string& sealed) {
    auto opened = crypto::open(master.derive(purpose), sealed, place(branch, role));
    if (!opened) throw std::runtime_error(fmt::format("the stored password of a role of branch {} does not open with this master key", branch.value));
    return Secret<>{std::move(*opened)};
}
}  // namespace argon::branches
