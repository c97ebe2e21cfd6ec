#include "auth/user/user.hpp"

namespace argon::auth::user {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/update-user", update_user, {}, &update_user_docs},
    {Method::post, "/change-email", change_email, {.limit = {3, 10s}}, &change_email_docs},
    {Method::post, "/change-password", change_password, {.limit = {3, 10s}}, &change_password_docs},
    {Method::post, "/verify-password", verify_password, {}, &verify_password_docs},
    {Method::post, "/delete-user", delete_user, {}, &delete_user_docs},
    {Method::get, "/delete-user/callback", open_delete_link, {}, &open_delete_link_docs},
    {Method::post, "/delete-user/callback", post_delete_link, {.accepts_form = true}, &api::unlisted},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::user
