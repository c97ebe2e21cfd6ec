// From a person at a provider to a user of the branch: found, linked or made. The rules that keep accounts with their owners are here.
#pragma once

#include <expected>
#include <string>

#include "auth/social/flow.hpp"

namespace argon::auth::social {

/// What the browser takes back to the app as `?error=`.
struct Failure {
    std::string code;
    std::string description{};
};

/// As the callback tells it: hosted Neon's word, and in the direct way Better Auth's.
Failure banned(const Flow& flow);

struct Entered {
    identity::User user;
    bool is_new = false;
};

awaitable<std::expected<Entered, Failure>> enter(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens);
/// Adds the account to the user who asked for it.
awaitable<std::expected<void, Failure>> add_account(api::Context& ctx, const Flow& flow, const oauth::Profile& profile, const oauth::Tokens& tokens);
}  // namespace argon::auth::social
