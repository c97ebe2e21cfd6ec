#include "stack/oauth/oauth.hpp"

#include <algorithm>

#include "api/delivery.hpp"
#include "api/legacy_sign_in.hpp"
#include "api/legacy_user.hpp"
#include "base/log.hpp"
#include "crypto/encoding.hpp"

namespace argon::stack::oauth {
namespace {
using api::LegacyAccess;
using http::Method;

constexpr api::LegacyRoute table[] = {
    {Method::get, "/auth/oauth/authorize/{provider_id}", authorize, LegacyAccess::open},
    {Method::get, "/auth/oauth/callback/{provider_id}", callback, LegacyAccess::open},
    {Method::post, "/auth/oauth/callback/{provider_id}", callback, LegacyAccess::open, {.accepts_form = true}},
    {Method::post, "/auth/oauth/token", exchange, LegacyAccess::open, {.accepts_form = true}},
    {Method::get, "/connected-accounts/{user_id}", list_connected},
    {Method::post, "/connected-accounts/{user_id}/{provider_id}/access-token", get_provider_token},
    {Method::post, "/connected-accounts/{user_id}/{provider_id}/{account_id}/access-token", get_provider_token},
    {Method::get, "/oauth-providers", list_providers},
    {Method::get, "/oauth-providers/{user_id}/{provider_id}", get_provider},
};

void complain(const api::LegacyContext& ctx, std::string_view provider, std::string_view reason) {
    log::warn("an identity provider cannot be used", {{"project", ctx.project_id()}, {"provider", provider}, {"reason", reason}});
}

std::optional<api::OauthClient> shared_client(const api::LegacyContext& ctx, const std::string& provider) {
    const auto found = ctx.services.oauth.shared.find(provider);
    if (found == ctx.services.oauth.shared.end()) {
        complain(ctx, provider, "it is set to shared credentials, and the operator has none");
        return {};
    }
    return api::OauthClient{.provider = found->second.provider,
                            .credentials = found->second.credentials,
                            .is_shared = true,
                            .redirect_uri = {},
                            .way = &ctx.services.delivery->operator_client(),
                            .keys = ctx.services.oauth.keys};
}

std::optional<api::OauthClient> own_client(const api::LegacyContext& ctx, const branches::LegacyOauthProvider& stored) {
    auto provider = argon::oauth::find_known_provider(stored.id, stored.microsoft_tenant_id.value_or(""));
    if (!provider || !stored.sealed_client_secret) {
        complain(ctx, stored.id, "it is not known, or has no client secret");
        return {};
    }
    const auto place = branches::client_secret_of(stored.id);
    const auto secret = branches::open_legacy_secret(ctx.services.master_key, ctx.project_id(), place, *stored.sealed_client_secret);
    const auto endpoints = ctx.services.oauth.endpoints.find(stored.id);
    const bool is_operators = endpoints != ctx.services.oauth.endpoints.end();
    if (is_operators) provider = argon::oauth::with_endpoints(std::move(*provider), endpoints->second);
    auto& delivery = *ctx.services.delivery;
    return api::OauthClient{.provider = std::move(*provider),
                            .credentials = {*stored.client_id, secret.reveal()},
                            .is_shared = false,
                            .redirect_uri = {},
                            .way = is_operators ? &delivery.operator_client() : &delivery.client(),
                            .keys = ctx.services.oauth.keys};
}
}  // namespace

std::span<const api::LegacyRoute> routes() { return table; }

awaitable<Result<>> enter_as_client(api::LegacyContext& ctx, const std::string& client_id, const std::string& client_secret) {
    const auto entered = co_await api::enter_project(ctx, http::to_lower(client_id.substr(0, client_id.find('#'))));
    if (!entered && entered.error().status() != 400) co_return std::unexpected(entered.error());
    if (!entered) co_return std::unexpected(api::known::invalid_oauth_client(client_id));
    const bool valid = co_await branches::is_publishable_key(ctx.services.control(), ctx.project_id(), client_secret);
    if (!valid) co_return std::unexpected(api::known::invalid_oauth_client(client_id));
    co_return Result<>{};
}

std::optional<api::OauthClient> find_client(const api::LegacyContext& ctx, const std::string& provider) {
    const auto& providers = ctx.project->oauth_providers;
    const auto stored = std::ranges::find(providers, provider, &branches::LegacyOauthProvider::id);
    if (stored == providers.end() || !ctx.services.delivery) return {};
    auto client = stored->is_shared() ? shared_client(ctx, provider) : own_client(ctx, *stored);
    if (client) client->redirect_uri = api::legacy_api_url(ctx.services) + "/auth/oauth/callback/" + provider;
    return client;
}

std::string code_verifier(const api::LegacyContext& ctx, std::string_view state) {
    return crypto::base64url_encode(ctx.keys->hash_key.sign("pkce|" + std::string{state}));
}

std::string nonce(const api::LegacyContext& ctx, std::string_view state) {
    return crypto::base64url_encode(ctx.keys->hash_key.sign("nonce|" + std::string{state}));
}

std::string cookie_name(std::string_view state) { return "stack-oauth-inner-" + std::string{state}; }
}  // namespace argon::stack::oauth
