// What a sign-in remembers from its beginning to its end, in rows of neon_auth.verification.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/context.hpp"
#include "api/oauth.hpp"

namespace argon::auth::social {

/// Who is signed in already and adds an account.
struct Link {
    std::string userId;
    std::string email;

    static void fields(auto& f, auto& link) {
        f.required("userId", link.userId);
        f.required("email", link.email);
    }
};

struct Flow {
    std::string provider;
    std::string callbackURL;
    std::optional<std::string> errorURL;
    std::optional<std::string> newUserURL;
    std::optional<Link> link;
    /// Of the browser that began (api/session_verifier.hpp); absent in the direct way.
    std::optional<std::string> challenge;
    std::vector<std::string> scopes;
    std::optional<std::string> loginHint;

    static void fields(auto& f, auto& flow) {
        f.required("provider", flow.provider);
        f.required("callbackURL", flow.callbackURL);
        f.optional("errorURL", flow.errorURL);
        f.optional("newUserURL", flow.newUserURL);
        f.optional("link", flow.link);
        f.optional("challenge", flow.challenge);
        f.optional("scopes", flow.scopes);
        f.optional("loginHint", flow.loginHint);
    }
};

/// `/sign-in/social/init?token=...`, good for ten minutes and more than once.
awaitable<std::string> make_init_url(api::Context& ctx, const Flow& flow);
awaitable<std::optional<Flow>> find_init(api::Context& ctx, std::string_view token);

/// The provider's URL; binds the browser to it with the state cookie.
awaitable<std::string> begin(api::Context& ctx, const Flow& flow, const api::OauthClient& client, http::Response& response);

/// The flow of a state that came back. The row stays: who guesses or steals a state cannot end another browser's sign-in.
awaitable<std::optional<Flow>> find_state(api::Context& ctx, std::string_view state);
/// Whether this browser began the flow.
bool holds_state(const api::Context& ctx, std::string_view state);
/// Uses the state up; false when it was used already, or at this very moment.
awaitable<bool> take_state(api::Context& ctx, std::string_view state);
void clear_state(const api::Context& ctx, http::Response& response);

/// Derived from the state with the branch's key.
std::string code_verifier(const api::Context& ctx, std::string_view state);
std::string nonce(const api::Context& ctx, std::string_view state);
}  // namespace argon::auth::social
