#include "app/features.hpp"

#include "auth/account/account.hpp"
#include "auth/admin/admin.hpp"
#include "auth/email_otp/email_otp.hpp"
#include "auth/email_password/email_password.hpp"
#include "auth/email_verification/email_verification.hpp"
#include "auth/jwt/jwt.hpp"
#include "auth/magic_link/magic_link.hpp"
#include "auth/organization/organization.hpp"
#include "auth/phone_number/phone_number.hpp"
#include "auth/reference/reference.hpp"
#include "auth/session/session.hpp"
#include "auth/social/social.hpp"
#include "auth/status/status.hpp"
#include "auth/user/user.hpp"

namespace argon::app {

std::vector<std::span<const api::Route>> features() {
    return {auth::status::routes(),
            auth::email_password::routes(),
            auth::session::routes(),
            auth::jwt::routes(),
            auth::user::routes(),
            auth::account::routes(),
            auth::email_verification::routes(),
            auth::email_otp::routes(),
            auth::magic_link::routes(),
            auth::phone_number::routes(),
            auth::social::routes(),
            auth::admin::routes(),
            auth::organization::routes(),
            auth::reference::routes()};
}
}  // namespace argon::app
