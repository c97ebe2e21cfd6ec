// OAuth: this server is the SDKs' OAuth server, and a client of the providers that people sign in with.
//
//   app ---> GET  /auth/oauth/authorize/{provider} ---> the provider, with a state of ours
//   provider GET  /auth/oauth/callback/{provider}  ---> the app's redirect_uri, with a code of ours
//   app ---> POST /auth/oauth/token                ---> tokens
#pragma once

#include "api/legacy.hpp"
#include "api/oauth.hpp"

namespace argon::stack::oauth {

/// What a sign-in remembers while the browser is at the provider.
struct Flow {
    std::string provider;
    std::string redirect_uri;
    std::string state;           ///< the app's
    std::string code_challenge;  ///< the app's
    std::optional<std::string> error_redirect_url;
    std::optional<std::string> after_callback_redirect_url;
    std::optional<UserId> link;  ///< who adds an account to their own
    bool holds_cookie = false;   ///< the browser was sent by us, and has a mark

    static void fields(auto& f, auto& flow) {
        f.required("provider", flow.provider);
        f.required("redirect_uri", flow.redirect_uri);
        f.required("state", flow.state);
        f.required("code_challenge", flow.code_challenge);
        f.optional("error_redirect_url", flow.error_redirect_url);
        f.optional("after_callback_redirect_url", flow.after_callback_redirect_url);
        f.optional("link", flow.link);
        f.optional("holds_cookie", flow.holds_cookie);
    }
};

/// What a code of ours stands for.
struct Grant {
    UserId user;
    std::string redirect_uri;
    std::string code_challenge;
    bool is_new_user = false;
    std::optional<std::string> after_callback_redirect_url;

    static void fields(auto& f, auto& grant) {
        f.required("user", grant.user);
        f.required("redirect_uri", grant.redirect_uri);
        f.required("code_challenge", grant.code_challenge);
        f.optional("is_new_user", grant.is_new_user);
        f.optional("after_callback_redirect_url", grant.after_callback_redirect_url);
    }
};

inline constexpr std::string_view flow_purpose = "oauth_flow";
inline constexpr std::string_view grant_purpose = "oauth_grant";
inline constexpr std::chrono::minutes flow_life{10};
inline constexpr std::chrono::minutes grant_life{10};

template <class T>
json::Object to_data(const T& value) {
    return json::parse(json::encode(value))->get_object();
}
template <class T>
std::optional<T> from_data(const json::Object& data) {
    T value{};
    const json::Value parsed(data);
    if (!json::decode(&parsed, "data", value).empty()) return {};
    return value;
}

/// The project's id and publishable key as an OAuth client's id and secret. An id with a branch behind it (`#main`) means the same.
awaitable<Result<>> enter_as_client(api::LegacyContext& ctx, const std::string& client_id, const std::string& client_secret);

/// A provider of the project with credentials, and the way to it. Nothing when there is none, or one that cannot work: the log says why.
std::optional<api::OauthClient> find_client(const api::LegacyContext& ctx, const std::string& provider);

/// What ties the provider's answer to the request; both follow from the state.
std::string code_verifier(const api::LegacyContext& ctx, std::string_view state);
std::string nonce(const api::LegacyContext& ctx, std::string_view state);
std::string cookie_name(std::string_view state);

api::LegacyEndpoint authorize, callback, exchange, list_connected, get_provider_token, list_providers, get_provider;
}  // namespace argon::stack::oauth
