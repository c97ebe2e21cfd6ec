#include "auth/email_verification/email_verification.hpp"

namespace argon::auth::email_verification {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/send-verification-email", send_verification_email, {.limit = {3, 60s}}, &send_verification_email_docs},
    {Method::get, "/verify-email", open_link, {}, &open_link_docs},
    // The verb that Neon's server SDK uses (auth-service.md, 2.2), and the button of the confirmation page.
    {Method::post, "/verify-email", post_link, {.accepts_form = true}, &api::unlisted},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::email_verification
