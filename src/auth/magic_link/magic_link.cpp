#include "auth/magic_link/magic_link.hpp"

namespace argon::auth::magic_link {
namespace {
using namespace std::chrono_literals;
using http::Method;

bool is_on(const identity::Settings& settings) { return settings.plugins.magicLink.enabled; }

constexpr api::Route table[] = {
    {Method::post, "/sign-in/magic-link", sign_in, {.limit = {5, 60s}, .exists = is_on}, &sign_in_docs},
    {Method::get, "/magic-link/verify", open_link, {.limit = {5, 60s}, .exists = is_on}, &open_link_docs},
    // The button of the confirmation page.
    {Method::post, "/magic-link/verify", post_link, {.limit = {5, 60s}, .accepts_form = true, .exists = is_on}, &api::unlisted},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::magic_link
