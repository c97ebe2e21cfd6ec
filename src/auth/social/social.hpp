// Sign-in with an identity provider, in two ways (auth-service.md, 2.9).
//
// As hosted Neon's clients do it: sign-in/social answers a URL of our own and gives the browser a challenge cookie. The browser goes there
// (sign-in/social/init), which sets the state cookie on our host and sends it on to the provider. The provider sends it back to
// callback/{provider}; who they are is found out with the provider, server to server; and the browser returns to the app with a verifier,
// which get-session takes together with the challenge cookie (api/session_verifier.hpp).
//
// Directly, for plain Better Auth clients (`advanced.social.direct`): sign-in/social answers the provider's URL, the callback sets the
// session cookie.
//
// The state is random, in the URL and in a signed cookie, and its row is used up by the callback. PKCE verifier and nonce are derived from
// it with the branch's key: they are nowhere stored, and a stolen state alone is no use.
#pragma once

#include <span>

#include "api/route.hpp"

namespace argon::auth::social {

api::Endpoint sign_in, init, callback, post_callback, link;
extern const api::Description sign_in_docs, callback_docs, post_callback_docs, link_docs;

std::span<const api::Route> routes();
}  // namespace argon::auth::social
