#include "stack/password/password.hpp"

namespace argon::stack::password {
namespace {
using api::LegacyAccess;
using http::Method;
// For a browser: an app's own server that signs its users in is trusted to say for whom (X-Forwarded-For).
constexpr api::Limit often{60, std::chrono::seconds{10}};

constexpr api::LegacyRoute table[] = {
    {Method::post, "/auth/password/sign-up", sign_up, LegacyAccess::client, {.limit = often}},
    {Method::post, "/auth/password/sign-in", sign_in, LegacyAccess::client, {.limit = often}},
    {Method::post, "/auth/password/update", update},
    {Method::post, "/auth/password/set", set},
    {Method::post, "/auth/password/send-reset-code", send_reset_code, LegacyAccess::client, {.limit = often}},
    {Method::post, "/auth/password/reset", reset, LegacyAccess::client, {.limit = often}},
    {Method::post, "/auth/password/reset/check-code", check_reset_code},
};
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }
}  // namespace argon::stack::password
