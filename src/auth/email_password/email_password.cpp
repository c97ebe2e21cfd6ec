#include "auth/email_password/email_password.hpp"

namespace argon::auth::email_password {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/sign-up/email", sign_up, {.limit = {3, 10s}, .accepts_form = true}},
    {Method::post, "/sign-in/email", sign_in, {.limit = {3, 10s}, .accepts_form = true}},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::email_password
