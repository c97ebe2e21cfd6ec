// Passwords that everybody tries first (NIST SP 800-63B-4): well-known words with little around them, runs on the keyboard, repetitions,
// dates, and the user's own address.
#pragma once

#include <string_view>

namespace argon::identity {

/// `address` is the user's e-mail address; empty where there is none.
bool is_common_password(std::string_view password, std::string_view address);
}  // namespace argon::identity
