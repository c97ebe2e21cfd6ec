#include "auth/social/social.hpp"

namespace argon::auth::social {
namespace {
using namespace std::chrono_literals;
using http::Method;

constexpr api::Route table[] = {
    {Method::post, "/sign-in/social", sign_in, {.limit = {3, 10s}}, &sign_in_docs},
    {Method::get, "/sign-in/social/init", init, {}, &api::unlisted},
    {Method::get, "/callback/{id}", callback, {}, &callback_docs},
    // Providers that post their answer: it goes on as a GET, with the cookies that a cross-site POST may lack.
    {Method::post, "/callback/{id}", post_callback, {.accepts_form = true, .from_anywhere = true}, &post_callback_docs},
    {Method::post, "/link-social", link, {}, &link_docs},
};
}  // namespace

std::span<const api::Route> routes() { return table; }
}  // namespace argon::auth::social
