// The first step, which sign-in and linking share.
#pragma once

#include "api/guards.hpp"
#include "auth/social/errors.hpp"
#include "auth/social/flow.hpp"
#include "json/shapes.hpp"

namespace argon::auth::social {

/// Of a sign-in that some app finished with the provider; see start().
struct GivenIdToken {
    std::string token;

    static void fields(auto& f, auto& given) { f.required("token", given.token); }
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

struct StartReply {
    std::string url;
    bool redirect;

    static void fields(auto& f, const auto& reply) {
        f.required("url", reply.url);
        f.required("redirect", reply.redirect);
    }
};

inline constexpr api::Refusals start_refusals{errors::provider_not_found, errors::id_token_not_supported, errors::missing_origin,
                                              api::errors::invalid_origin};
Result<StartBody> read_start(const api::Context& ctx);
awaitable<Result<http::Response>> start(api::Context& ctx, StartBody body, std::optional<Link> link);
}  // namespace argon::auth::social
