// Passwords: sign-up, sign-in, change, and reset by mail. Hashes are bcrypt of cost 10, as apps bring them along.
#pragma once

#include "api/legacy.hpp"

namespace argon::stack::password {
inline constexpr json::max_length longest{1024};  // what is too long for a password has an error of its own

api::LegacyEndpoint sign_up, sign_in, update, set, send_reset_code, reset, check_reset_code;
}  // namespace argon::stack::password
