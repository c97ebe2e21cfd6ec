#include "auth/user/user.hpp"

namespace argon::auth::user {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/update-user", update_user},
    {Method::post, "/change-email", change_email, {.limit = {3, 10s}}},
    {Method::post, "/change-password", change_password, {.limit = {3, 10s}}},
    {Method::post, "/verify-password", verify_password},
    {Method::post, "/delete-user", delete_user},
    {Method::get, "/delete-user/callback", open_delete_link},
    {Method::post, "/delete-user/callback", post_delete_link, {.accepts_form = true}},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::user
