#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
using http::Method;

constexpr api::LegacyRoute table[] = {
    {Method::post, "/auth/password/sign-up", sign_up},
    {Method::post, "/auth/password/sign-in", sign_in},
    {Method::post, "/auth/password/update", update},
    {Method::post, "/auth/password/set", set},
    {Method::post, "/auth/password/send-reset-code", send_reset_code},
    {Method::post, "/auth/password/reset", reset},
    {Method::post, "/auth/password/reset/check-code", check_reset_code},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::password
