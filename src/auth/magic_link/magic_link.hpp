// Sign-in, or sign-up, by a link in a mail. The link works once; an unproven account loses what it had before (auth-wire-facts.md, fact 28).
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::magic_link {

api::Endpoint sign_in, open_link, post_link;
extern const api::Description sign_in_docs, open_link_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::magic_link
