// Proof that an address belongs to its user, by a link in a mail. The token is signed and stored nowhere, good until it expires; a second
// use changes nothing. The same links carry out a change of address.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::email_verification {

api::Endpoint send_verification_email, open_link, post_link;
extern const api::Description send_verification_email_docs, open_link_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::email_verification
