// Ways to sign in: rows of neon_auth.account. A password is the account with provider `credential`.
#pragma once

#include <optional>
#include <string>

#include "identity/users.hpp"

namespace argon::identity {

struct Credential {
    User user;
    std::optional<std::string> password_hash;  ///< absent: the user signs in another way

    static void columns(auto& column, auto& credential) {
        User::columns(column, credential.user);
        column(credential.password_hash);
    }
};

/// `email` in lower case.
awaitable<std::optional<Credential>> find_credential(pg::Executor& db, std::string_view email);
awaitable<> insert_credential(pg::Executor& db, const UserId& user, std::string_view password_hash, TimePoint now);
}  // namespace argon::identity
