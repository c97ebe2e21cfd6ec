// The first step, which sign-in and linking share.
#pragma once

#include "api/guards.hpp"
#include "auth/social/errors.hpp"
#include "auth/social/flow.hpp"
#include "json/shapes.hpp"

namespace argon::auth::social {

/// Of a sign-in that an app finished with the provider by itself (given_token.cpp).
struct GivenIdToken {
    std::string token;
    std::optional<std::string> nonce;
    std::optional<std::string> accessToken;
    std::optional<std::string> refreshToken;
    std::vector<std::string> scopes;

    static void fields(auto& f, auto& given) {
        f.required("token", given.token, json::max_length{16384});
        f.optional("nonce", given.nonce, json::max_length{1024});
        f.optional("accessToken", given.accessToken, json::max_length{16384});
        f.optional("refreshToken", given.refreshToken, json::max_length{16384});
        f.optional("scopes", given.scopes);
    }
};

struct StartBody {
    std::optional<json::Value> provider;
    std::optional<std::string> callbackURL;
    std::optional<std::string> errorCallbackURL;
    std::optional<std::string> newUserCallbackURL;
    bool disableRedirect = false;
    std::vector<std::string> scopes;
    std::optional<std::string> loginHint;
    std::optional<GivenIdToken> idToken;
    bool requestSignUp = false;      ///< checked, and of no effect: nobody needs it who may sign up anyway
    json::Record additionalData;     ///< likewise: there is nothing on the way back that would show it

    static void fields(auto& f, auto& body) {
        f.optional("provider", body.provider);
        f.optional("callbackURL", body.callbackURL, json::max_length{4096});
        f.optional("errorCallbackURL", body.errorCallbackURL, json::max_length{4096});
        f.optional("newUserCallbackURL", body.newUserCallbackURL, json::max_length{4096});
        f.optional("disableRedirect", body.disableRedirect);
        f.optional("scopes", body.scopes);
        f.optional("loginHint", body.loginHint, json::max_length{320});
        f.optional("idToken", body.idToken);
        f.optional("requestSignUp", body.requestSignUp);
        f.optional("additionalData", body.additionalData);
    }
};

/// Where to go; or, for an id_token, who has come in (`token`, `user`) or that the account was added (`status`).
struct StartReply {
    std::optional<std::string> url;
    bool redirect;
    std::optional<std::string> token;
    std::optional<identity::User> user;
    std::optional<bool> status;

    static void fields(auto& f, const auto& reply) {
        f.optional("url", reply.url);
        f.required("redirect", reply.redirect);
        f.optional("token", reply.token);
        f.optional("user", reply.user);
        f.optional("status", reply.status);
    }
};

inline constexpr api::Refusals start_refusals{
    errors::provider_not_found, errors::id_token_not_supported, errors::missing_origin, api::errors::invalid_origin,
    errors::invalid_token,      errors::no_user_info,           errors::no_email};
Result<StartBody> read_start(const api::Context& ctx);
awaitable<Result<http::Response>> start(api::Context& ctx, StartBody body, std::optional<Link> link);

/// Whether an app may hand in an id_token of this provider; then start_with_token() takes the place of all the rest.
bool takes_given_tokens(const api::OauthClient& client);
awaitable<Result<http::Response>> start_with_token(api::Context& ctx, const StartBody& body, const api::OauthClient& client,
                                                   std::optional<Link> link);
}  // namespace argon::auth::social
