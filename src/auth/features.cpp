#include "auth/features.hpp"

#include "auth/email_password/email_password.hpp"
#include "auth/jwt/jwt.hpp"
#include "auth/session/session.hpp"
#include "auth/status/status.hpp"
#include "auth/user/user.hpp"

namespace argon::auth {

std::vector<std::span<const api::Route>> features() {
    return {status::routes(), email_password::routes(), session::routes(), jwt::routes(), user::routes()};
}
}  // namespace argon::auth
