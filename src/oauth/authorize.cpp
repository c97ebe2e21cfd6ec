#include "oauth/authorize.hpp"

#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"
#include "oauth/form.hpp"

namespace argon::oauth {

std::string code_challenge(std::string_view code_verifier) { return crypto::base64url_encode(crypto::sha256(code_verifier)); }

std::string authorization_url(const Provider& provider, const Credentials& credentials, const AuthorizationRequest& request) {
    auto scopes = provider.scopes;
    scopes.insert(scopes.end(), request.scopes.begin(), request.scopes.end());

    Form query;
    query.add("response_type", "code");
    query.add("client_id", credentials.client_id);
    query.add("state", request.state);
    if (!scopes.empty()) query.add("scope", joined(scopes, " "));
    query.add("redirect_uri", request.redirect_uri);
    if (request.login_hint && provider.takes_login_hint) query.add("login_hint", *request.login_hint);
    query.add("code_challenge_method", "S256");
    query.add("code_challenge", code_challenge(request.code_verifier));
    if (provider.sends_nonce) query.add("nonce", request.nonce);
    for (const auto& [name, value] : provider.extra_parameters) query.add(name, value);
    const char separator = provider.authorization_endpoint.find('?') == std::string::npos ? '?' : '&';
    return provider.authorization_endpoint + separator + query.text();
}
}  // namespace argon::oauth
