#include "auth/email_password/email_password.hpp"

namespace argon::auth::email_password {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/sign-up/email", sign_up, {.limit = {3, 10s}, .accepts_form = true}, &sign_up_docs},
    {Method::post, "/sign-in/email", sign_in, {.limit = {3, 10s}, .accepts_form = true}, &sign_in_docs},
    {Method::post, "/request-password-reset", request_password_reset, {.limit = {3, 60s}}, &request_password_reset_docs},
    {Method::get, "/reset-password/{token}", open_reset_link, {}, &open_reset_link_docs},
    {Method::post, "/reset-password", reset_password, {}, &reset_password_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::email_password
