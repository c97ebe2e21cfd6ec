#include "api/oauth.hpp"

#include <algorithm>

#include "api/context.hpp"
#include "api/delivery.hpp"
#include "api/one_time.hpp"
#include "base/log.hpp"
#include "identity/branch_secrets.hpp"

namespace argon::api {
namespace {
/// What the branch's own list says about a provider that is not one of the known four.
oauth::Provider generic_provider(const identity::SocialProvider& stored) {
    const oauth::ProviderMetadata metadata{.issuer = stored.issuer.value_or(""),
                                           .authorization_endpoint = stored.authorizationEndpoint.value_or(""),
                                           .token_endpoint = stored.tokenEndpoint.value_or(""),
                                           .userinfo_endpoint = stored.userinfoEndpoint.value_or(""),
                                           .jwks_uri = stored.jwksUri.value_or(""),
                                           .iss_in_callbacks = stored.issInCallbacks,
                                           .basic_authentication = stored.basicAuthentication};
    return oauth::make_generic_provider(stored.id, stored.name.value_or(stored.id), metadata, stored.scopes.value_or(std::vector<std::string>{}));
}

bool is_complete(const oauth::Provider& provider) {
    return !provider.authorization_endpoint.empty() && !provider.token_endpoint.empty() &&
           (!provider.userinfo_endpoint.empty() || !provider.jwks_uri.empty());
}

void complain(const Context& ctx, std::string_view id, std::string_view reason) {
    log::warn("an identity provider cannot be used", {{"branch", ctx.branch->branch.value}, {"provider", id}, {"reason", reason}});
}

std::optional<OauthClient> shared_client(const Context& ctx, std::string_view id) {
    const auto& shared = ctx.services.oauth.shared;
    const auto found = shared.find(id);
    if (found == shared.end()) {
        complain(ctx, id, "it is set to shared credentials, and the operator has none");
        return {};
    }
    return OauthClient{.provider = found->second.provider,
                       .credentials = found->second.credentials,
                       .is_shared = true,
                       .redirect_uri = shared_callback_url(ctx.services, id),
                       .way = &ctx.services.delivery->operator_client(),
                       .keys = ctx.services.oauth.keys};
}

std::optional<OauthClient> own_client(const Context& ctx, const identity::SocialProvider& stored) {
    const auto& services = ctx.services;
    const auto secret = stored.clientSecret
                            ? identity::open_branch_secret(services.master_key, identity::client_secret_place(stored.id), *stored.clientSecret)
                            : std::nullopt;
    if (!stored.clientId || !secret) {
        complain(ctx, stored.id, "its client id or secret is missing, or cannot be opened with this master key");
        return {};
    }
    auto provider = oauth::find_known_provider(stored.id, stored.microsoftTenantId.value_or(""));
    const bool is_known = provider.has_value();
    if (!is_known) provider = generic_provider(stored);
    const auto endpoints = services.oauth.endpoints.find(stored.id);
    const bool is_operators = is_known && endpoints != services.oauth.endpoints.end();
    if (is_operators) provider = oauth::with_endpoints(std::move(*provider), endpoints->second);
    // `argonauth dev` lets branches reach this machine; a provider that runs there rarely has a certificate.
    if (!is_known) provider->allow_plain_http = services.delivery->addresses().allows_loopback();
    if (!is_complete(*provider)) {
        complain(ctx, stored.id, "it has no endpoints");
        return {};
    }
    auto& way = is_operators ? services.delivery->operator_client() : services.delivery->client();
    return OauthClient{.provider = std::move(*provider),
                       .credentials = {*stored.clientId, *secret},
                       .redirect_uri = base_url(ctx) + "/callback/" + http::percent_encode(stored.id),
                       .way = &way,
                       .keys = services.oauth.keys};
}

std::optional<std::string> seal_one(const Services& services, std::string_view column, const std::string& provider, const std::string& account,
                                    const std::optional<std::string>& token) {
    if (!token || token->empty()) return {};
    return identity::seal_branch_secret(services.master_key, identity::provider_token_place(column, provider, account), *token);
}
}  // namespace

std::optional<OauthClient> find_oauth_client(const Context& ctx, std::string_view id) {
    const auto& providers = ctx.settings().social_providers;
    const auto stored = std::ranges::find(providers, id, &identity::SocialProvider::id);
    if (stored == providers.end() || !ctx.services.delivery) return {};
    return stored->isShared ? shared_client(ctx, id) : own_client(ctx, *stored);
}

std::string shared_callback_url(const Services& services, std::string_view provider) {
    return services.addresses.public_url + "/auth/oauth/callback/" + std::string{provider};
}

identity::ProviderTokens seal_tokens(const Services& services, const std::string& provider, const std::string& account, const oauth::Tokens& tokens) {
    std::string scope;
    for (const auto& one : tokens.scopes) scope += (scope.empty() ? "" : ",") + one;
    return {.access_token = seal_one(services, access_token_column, provider, account, tokens.access_token),
            .refresh_token = seal_one(services, refresh_token_column, provider, account, tokens.refresh_token),
            .id_token = seal_one(services, id_token_column, provider, account, tokens.id_token),
            .access_token_expires_at = tokens.access_token_expires_at,
            .refresh_token_expires_at = tokens.refresh_token_expires_at,
            .scope = scope.empty() ? std::nullopt : std::optional{scope}};
}

std::optional<std::string> open_token(const Services& services, const identity::ProviderAccount& account, std::string_view column,
                                      const std::optional<std::string>& stored) {
    if (!stored) return {};
    const auto place = identity::provider_token_place(column, account.provider_id, account.account_id);
    return identity::open_branch_secret(services.master_key, place, *stored);
}
}  // namespace argon::api
