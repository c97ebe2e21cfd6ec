// OpenID Connect Discovery: what an issuer says about itself at /.well-known/openid-configuration.
#pragma once

#include "oauth/exchange.hpp"

namespace argon::oauth {

/// Asks the issuer once. `reason` of a problem is fit for the administrator who named the issuer.
awaitable<Outcome<ProviderMetadata>> discover(outbound::Client& client, const std::string& issuer, bool allow_plain_http);
}  // namespace argon::oauth
