#include "app/features.hpp"

#include "auth/email_password/email_password.hpp"
#include "auth/jwt/jwt.hpp"
#include "auth/session/session.hpp"
#include "auth/status/status.hpp"
#include "auth/user/user.hpp"

namespace argon::app {

std::vector<std::span<const api::Route>> features() {
    return {auth::status::routes(), auth::email_password::routes(), auth::session::routes(), auth::jwt::routes(), auth::user::routes()};
}
}  // namespace argon::app
