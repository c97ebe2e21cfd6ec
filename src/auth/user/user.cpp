#include "auth/user/user.hpp"

namespace argon::auth::user {
namespace {
constexpr api::Route table[] = {
    {http::Method::post, "/update-user", update_user},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::user
