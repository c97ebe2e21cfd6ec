// What providers tell about a person, as one shape. Pure functions over untrusted claims.
#pragma once

#include "oauth/exchange.hpp"

namespace argon::oauth {

/// The claims of OpenID Connect. `email_verified` counts when it is true, or the text "true" that some providers send.
Outcome<Profile> profile_of_claims(const Provider& provider, json::Object claims);

/// GitHub's /user with the list of /user/emails, where there is one: the primary address, verified or not.
Outcome<Profile> profile_of_github(json::Object user, const json::Value* emails);
}  // namespace argon::oauth
