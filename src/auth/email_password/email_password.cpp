#include "auth/email_password/email_password.hpp"

namespace argon::auth::email_password {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/sign-up/email", sign_up, {.limit = {3, 10s}, .accepts_form = true}},
    {Method::post, "/sign-in/email", sign_in, {.limit = {3, 10s}, .accepts_form = true}},
    {Method::post, "/request-password-reset", request_password_reset, {.limit = {3, 60s}}},
    {Method::get, "/reset-password/{token}", open_reset_link},
    {Method::post, "/reset-password", reset_password},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::email_password
